"""The pages over HTTP: each address in Korean and in English, and every refusal as a page in words."""

from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from typing import NamedTuple

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from starlette.convertors import StringConvertor, register_url_convertor

from chassis.batch.clock import Clock
from chassis.database.db import AWAY, Connection, Pool, ReadTooLong, Unavailable, may_pass, reading
from chassis.days import day as read_day
from chassis.http.problem_responses import Problem
from chassis.words import LANGUAGES, Language
from services.reporting.figures.period import month_end
from services.reporting.pages import files
from services.reporting.pages.about import Source
from services.reporting.pages.explained import ADDRESSES, explained
from services.reporting.pages.names import figure_name
from services.reporting.pages.press import NotTypeset
from services.reporting.pages.rendered import ASSETS, Answer, Later, Pages
from services.reporting.pages.sections import first_figures, sections, shown
from services.reporting.pages.sheets import sheets
from services.reporting.pages.whole import whole
from services.reporting.pages.words import accepted
from services.reporting.releases import queries
from services.reporting.releases.document import ReleaseDocument
from services.reporting.releases.queries import Released

LANGUAGE = "[a-z]{2}"
OPEN_PATHS = rf"/(?:{LANGUAGE}(?:/.*)?|assets/.*)?"
"""All that is served here. Any two letters are a language, so that one that isn't there is said in words."""

KEPT_SECONDS = 60
"""How old a page may be that somebody sees: after that it is asked for again, by its ETag."""
LONGEST_ADDRESS = 2_000
_ASSETS = ("pages.css", "icon.svg")

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

router = APIRouter(include_in_schema=False)


class _TwoLetters(StringConvertor):
    regex = LANGUAGE


register_url_convertor("two", _TwoLetters())


class NoPage(Exception):
    """An address shows nothing: why, by the name of what is said about it in `error.html`."""

    def __init__(self, status: int, why: str, day: date | None = None) -> None:
        super().__init__(why)
        self.status = status
        self.why = why
        self.day = day


class Asked(NamedTuple):
    """A request for a page: what it may be made of. `rest` is the path below the language."""

    request: Request
    language: Language
    rest: str
    pages: Pages
    conn: Connection
    released: list[Released]

    async def document(self, release: Released) -> tuple[ReleaseDocument, bytes]:
        """Give what a release says, and its bytes."""
        found = await queries.document(self.conn, release.day)
        if found is None:
            raise NoPage(404, "no release", release.day)
        return ReleaseDocument.model_validate_json(found[0]), found[0]

    def newest(self) -> Released | None:
        """Give the newest release, if there is one."""
        return self.released[0] if self.released else None


Make = Callable[[Asked], Awaitable[Answer | Later]]
"""Makes what is answered, or what makes it once the connection is given back."""


async def _shown(request: Request, language: str, make: Make, of: str | None = None) -> Response:
    """Answer with what is made of the releases as they stand, or of the one that is named, or was before; every refusal
    is a page."""
    pages: Pages = request.app.state.pages
    pool: Pool = request.app.state.pool
    rest = request.scope["path"].partition(f"/{language}/")[2]
    spoken: Language = language if language in LANGUAGES else "en"
    try:
        if len(request.scope["path"]) + len(request.scope["query_string"]) > LONGEST_ADDRESS:
            raise NoPage(414, "long address")
        if language not in LANGUAGES:
            raise NoPage(404, "no language")
        async with reading(pool) as conn:
            asked = Asked(request, spoken, rest, pages, conn, await queries.released(conn))
            tag, headers = _tagged(asked, of)
            if tag in request.headers.get("if-none-match", ""):
                return Response(status_code=304, headers=headers)
            answer = pages.kept(tag) or await make(asked)
        if isinstance(answer, Answer):
            pages.keep(tag, answer)
        else:
            answer = await _made(pages, tag, answer)
        if answer.filename:
            headers["Content-Disposition"] = f'attachment; filename="{answer.filename}"'
        return Response(answer.body, 200, headers, answer.media_type)
    except NoPage as missing:
        return _refused(pages, spoken, missing)
    except (Unavailable, ReadTooLong, *AWAY) as error:
        if isinstance(error, AWAY) and not may_pass(error):
            raise
        return _refused(pages, spoken, NoPage(503, "away"))


def _tagged(asked: Asked, of: str | None) -> tuple[str, dict[str, str]]:
    """Name what is shown, and give the headers that it has. A file changes with nothing but its own release, that `of`
    names."""
    named = next((release for release in asked.released if str(release.day) == of), asked.newest())
    tag = asked.pages.tag(asked.request.scope["path"], named.hash if named else "")
    headers = {**_HEADERS, "ETag": tag, "Content-Language": asked.language}
    if asked.pages.is_public:
        headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return tag, headers


async def _made(pages: Pages, tag: str, make: Later) -> Answer:
    try:
        return await pages.apart(tag, make)
    except TimeoutError:
        raise NoPage(503, "busy") from None
    except NotTypeset:
        raise NoPage(503, "not made") from None


def _refused(pages: Pages, language: Language, missing: NoPage) -> Response:
    """Say in words why an address shows nothing; nothing of the address is repeated but its day."""
    page = pages.write("error", language, "", status=missing.status, why=missing.why, release_day=missing.day)
    headers = {**_HEADERS, "Content-Language": language, "Cache-Control": "no-store"}
    if missing.status == 503:
        headers["Retry-After"] = str(Unavailable.RETRY_AFTER_SECONDS)
    return Response(page.body, missing.status, headers, page.media_type)


def too_many(request: Request, problem: Problem) -> Response:
    """Say to whoever asks for pages too often when to come again."""
    language = request.scope["path"][1:3]
    spoken: Language = language if language in LANGUAGES else "ko"
    answer = _refused(request.app.state.pages, spoken, NoPage(429, "too many"))
    answer.headers["Retry-After"] = str(problem.retry_after)
    return answer


async def _release_of(asked: Asked, name: str) -> Released:
    """Find a release by the day in an address (raises NoPage, which says what is wrong with the day)."""
    try:
        day = read_day(name)
    except ValueError:
        raise NoPage(404, "no day") from None
    found = next((release for release in asked.released if release.day == day), None)
    if found:
        return found
    if day != month_end(day):
        raise NoPage(404, "no month's end", day)
    clock: Clock = asked.request.app.state.clock
    if day > (await clock.now(asked.conn)).day:
        raise NoPage(404, "to come", day)
    raise NoPage(404, "no release", day)


async def _front(asked: Asked) -> Answer:
    newest = asked.newest()
    document = (await asked.document(newest))[0] if newest else None
    figures = first_figures(document, asked.language) if document else []
    return asked.pages.write(
        "front", asked.language, "", release=newest, document=document, figures=figures, released=asked.released
    )


async def _release(asked: Asked, name: str) -> Answer:
    release = await _release_of(asked, name)
    document, _ = await asked.document(release)
    return asked.pages.write(
        "release",
        asked.language,
        asked.rest,
        release=release,
        newest=asked.newest(),
        document=document,
        sections=sections(document, asked.language),
    )


async def _file(asked: Asked, name: str, file: str) -> Later:
    release = await _release_of(asked, name)
    if file not in files.OF_RELEASES:
        raise NoPage(404, "no file", release.day)
    document, body = await asked.document(release)
    source = Source(release, document, asked.pages.publisher)
    return partial(files.OF_RELEASES[file], source, body, asked.language)


async def _table(asked: Asked, name: str, table: str) -> Answer | Later:
    release = await _release_of(asked, name)
    document, _ = await asked.document(release)
    named, dot, kind = table.partition(".")
    sheet = next((one for one in whole(document, asked.language) if one.name == named), None)
    if sheet is None:
        raise NoPage(404, "no table", release.day)
    if dot and kind not in files.OF_TABLES:
        raise NoPage(404, "no file", release.day)
    if dot:
        source = Source(release, document, asked.pages.publisher)
        return partial(files.OF_TABLES[kind], source, sheet, asked.language)
    meaning = explained(sheet.figure, None, asked.language)
    return asked.pages.write(
        "table", asked.language, asked.rest, release=release, document=document, sheet=sheet, explained=meaning
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
    headers = {**_HEADERS, "Vary": "Accept-Language", "Cache-Control": "no-cache"}
    return RedirectResponse(f"/{language}/", 307, headers)


@router.get("/assets/{name}")
async def asset(request: Request, name: str) -> Response:
    """Give a file that pages load; their address names its edition, so it may be kept for long."""
    if name not in _ASSETS:
        return _refused(request.app.state.pages, "ko", NoPage(404, "no page"))
    return FileResponse(ASSETS / name, headers={**_HEADERS, "Cache-Control": "public, max-age=86400"})


@router.get("/{language:two}")
async def bare(language: str) -> Response:
    """Lead to a language's front page."""
    return RedirectResponse(f"/{language}/", 308, _HEADERS)


@router.get("/{language:two}/")
async def front(request: Request, language: str) -> Response:
    """The newest release in short, and the list of all."""
    return await _shown(request, language, _front)


@router.get("/{language:two}/releases/{name}")
async def release(request: Request, language: str, name: str) -> Response:
    """A release."""
    return await _shown(request, language, partial(_release, name=name))


@router.get("/{language:two}/releases/{name}/{file}")
async def file(request: Request, language: str, name: str, file: str) -> Response:
    """A release as a file: its document as it is kept, whose SHA-256 is its hash, a workbook, open data, a report."""
    return await _shown(request, language, partial(_file, name=name, file=file), name)


@router.get("/{language:two}/releases/{name}/tables/{table}")
async def table(request: Request, language: str, name: str, table: str) -> Response:
    """A table's permanent page, or the table as a file, by how the address ends."""
    return await _shown(request, language, partial(_table, name=name, table=table), name if "." in table else None)


@router.get("/{language:two}/figures/")
async def figures(request: Request, language: str) -> Response:
    """All figures by their names."""
    return await _shown(request, language, _figures)


@router.get("/{language:two}/figures/{address}")
async def figure(request: Request, language: str, address: str) -> Response:
    """What a figure counts and how."""
    return await _shown(request, language, partial(_figure, address=address))


@router.get("/{language:two}/{rest:path}")
async def nothing(request: Request, language: str, rest: str) -> Response:
    """Any other address."""
    return await _shown(request, language, _nothing)
