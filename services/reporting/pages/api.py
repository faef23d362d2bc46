"""The pages over HTTP: each address in Korean and in English, and every refusal as a page in words."""

from collections.abc import Callable
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from services.reporting.corrections.queries import corrections
from services.reporting.pages import files
from services.reporting.pages.about import Source
from services.reporting.pages.answers import HEADERS, Asked, NoPage, answered, refused, release_of
from services.reporting.pages.charts.chosen import ON_THE_RELEASE, chart_of, charts
from services.reporting.pages.corrected import coming, corrected
from services.reporting.pages.crossed import cross_sheets
from services.reporting.pages.explained import ADDRESSES, explained
from services.reporting.pages.languages import LANGUAGE
from services.reporting.pages.names import figure_name
from services.reporting.pages.press import NotTypeset
from services.reporting.pages.rendered import ASSETS, Answer, Later
from services.reporting.pages.sections import first_figures, sections, shown
from services.reporting.pages.sheets import sheets
from services.reporting.pages.whole import whole
from services.reporting.pages.words import accepted

OPEN_PATHS = rf"/(?:{LANGUAGE}(?:/.*)?|assets/.*)?"
"""All that is served here. Any two letters are a language, so that one that isn't there is said in words."""

_ASSETS = ("pages.css", "icon.svg", "live.js")

router = APIRouter(include_in_schema=False)


async def _front(asked: Asked) -> Answer:
    newest = asked.newest()
    document = (await asked.document(newest))[0] if newest else None
    figures = first_figures(document, asked.language) if document else []
    return asked.pages.write(
        "front",
        asked.language,
        "",
        release=newest,
        document=document,
        figures=figures,
        released=asked.released,
        corrected=asked.corrected,
        coming=coming(newest.day, asked.pages.after_days) if newest else [],
    )


async def _release(asked: Asked, name: str) -> Answer:
    release = await release_of(asked, name)
    document, _ = await asked.document(release)
    asked.pages.charts.begin(release.hash, document, asked.language)
    drawn = charts(document, asked.language)
    return asked.pages.write(
        "release",
        asked.language,
        asked.rest,
        release=release,
        newest=asked.newest(),
        document=document,
        sections=sections(document, asked.language),
        corrections=corrected(await corrections(asked.conn, release.day), document, asked.language),
        cross_tables=[(sheet.name, sheet.title) for sheet in cross_sheets(document, asked.language)],
        charts=drawn,
        shown_charts=ON_THE_RELEASE,
    )


def _apart(asked: Asked, make: Callable[[], Answer]) -> Later:
    """Have a file made beside all else."""

    async def later() -> Answer:
        try:
            return await asked.pages.apart(asked.tag, make)
        except TimeoutError:
            raise NoPage(503, "busy") from None
        except NotTypeset:
            raise NoPage(503, "not made") from None

    return later


async def _file(asked: Asked, name: str, file: str) -> Later:
    release = await release_of(asked, name)
    if file not in files.OF_RELEASES:
        raise NoPage(404, "no file", release.day)
    document, body = await asked.document(release)
    source = Source(release, document, asked.pages.publisher)
    return _apart(asked, partial(files.OF_RELEASES[file], source, body, asked.language))


async def _table(asked: Asked, name: str, table: str) -> Answer | Later:
    release = await release_of(asked, name)
    document, _ = await asked.document(release)
    named, dot, kind = table.partition(".")
    sheet = next((one for one in whole(document, asked.language) if one.name == named), None)
    if sheet is None:
        raise NoPage(404, "no table", release.day)
    if dot and kind not in files.OF_TABLES:
        raise NoPage(404, "no file", release.day)
    if dot:
        source = Source(release, document, asked.pages.publisher)
        return _apart(asked, partial(files.OF_TABLES[kind], source, sheet, asked.language))
    meaning = explained(sheet.figure, None, asked.language)
    return asked.pages.write(
        "table",
        asked.language,
        asked.rest,
        release=release,
        document=document,
        sheet=sheet,
        corrections=corrected(await corrections(asked.conn, release.day), document, asked.language, table=sheet.name),
        chart=chart_of(sheet, document, asked.language),
        explained=meaning,
    )


async def _figures(asked: Asked) -> Answer:
    listed = [(address, figure_name(address, asked.language)) for address in ADDRESSES]
    return asked.pages.write("figures", asked.language, asked.rest, figures=listed)


async def _figure(asked: Asked, address: str) -> Answer:
    newest = asked.newest()
    found = explained(address, newest.day.isoformat() if newest else None, asked.language)
    if found is None:
        raise NoPage(404, "no figure")
    document = (await asked.document(newest))[0] if newest else None
    told = [one for one in document.figures if one.figure == address] if document else []
    tables = [sheet for sheet in sheets(document, asked.language) if sheet.figure == address] if document else []
    return asked.pages.write(
        "figure",
        asked.language,
        asked.rest,
        explained=found,
        release=newest,
        document=document,
        figures=[shown(one, document, asked.language) for one in told] if document else [],
        tables=tables,
    )


async def _nothing(asked: Asked) -> Answer:
    raise NoPage(404, "no page")


@router.get("/")
async def start(request: Request) -> Response:
    """Lead to the front page in the language that the browser asks for."""
    language = accepted(request.headers.get("accept-language", ""))
    headers = {**HEADERS, "Vary": "Accept-Language", "Cache-Control": "no-cache"}
    return RedirectResponse(f"/{language}/", 307, headers)


@router.get("/assets/{name}")
async def asset(request: Request, name: str) -> Response:
    """Give a file that pages load; their address names its edition, so it may be kept for long."""
    if name not in _ASSETS:
        return refused(request.app.state.pages, "ko", NoPage(404, "no page"))
    return FileResponse(ASSETS / name, headers={**HEADERS, "Cache-Control": "public, max-age=86400"})


@router.get("/{language:two}")
async def bare(language: str) -> Response:
    """Lead to a language's front page."""
    return RedirectResponse(f"/{language}/", 308, HEADERS)


@router.get("/{language:two}/")
async def front(request: Request, language: str) -> Response:
    """The newest release in short, and the list of all."""
    return await answered(request, language, _front)


@router.get("/{language:two}/releases/{name}")
async def release(request: Request, language: str, name: str) -> Response:
    """A release."""
    return await answered(request, language, partial(_release, name=name))


@router.get("/{language:two}/releases/{name}/{file}")
async def file(request: Request, language: str, name: str, file: str) -> Response:
    """A release as a file: its document as it is kept, whose SHA-256 is its hash, a workbook, open data, a report."""
    return await answered(request, language, partial(_file, name=name, file=file), name)


@router.get("/{language:two}/releases/{name}/tables/{table}")
async def table(request: Request, language: str, name: str, table: str) -> Response:
    """A table's permanent page, or the table as a file, by how the address ends."""
    return await answered(request, language, partial(_table, name=name, table=table), name if "." in table else None)


@router.get("/{language:two}/figures/")
async def figures(request: Request, language: str) -> Response:
    """All figures by their names."""
    return await answered(request, language, _figures)


@router.get("/{language:two}/figures/{address}")
async def figure(request: Request, language: str, address: str) -> Response:
    """What a figure counts and how."""
    return await answered(request, language, partial(_figure, address=address))


@router.get("/{language:two}/{rest:path}")
async def nothing(request: Request, language: str, rest: str) -> Response:
    """Any other address."""
    return await answered(request, language, _nothing)
