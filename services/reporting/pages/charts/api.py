"""Charts over HTTP: a page with the chart, its table, its source and meaning; the chart as SVG and as PNG; and for who
asks for it a page that answers to a pointer, with the only script that the releases have."""

import gzip
from functools import partial
from typing import NamedTuple

from fastapi import APIRouter, Request, Response

from services.reporting.drawing.model import Chart
from services.reporting.pages.answers import HEADERS, Asked, NoPage, answered, refused, release_of
from services.reporting.pages.charts import pointer
from services.reporting.pages.charts.chosen import chart_of
from services.reporting.pages.charts.rendered import NotDrawn
from services.reporting.pages.explained import explained
from services.reporting.pages.rendered import Answer, Later, Pages
from services.reporting.pages.sheets import Sheet, sheets
from services.reporting.releases.document import ReleaseDocument
from services.reporting.releases.queries import Released

router = APIRouter(include_in_schema=False)

CHART_SECONDS = 86_400
"""How long a chart may be kept: it never changes, but for how it is drawn."""
_SCRIPT_HEADERS = {**HEADERS, "Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


class _Found(NamedTuple):
    release: Released
    document: ReleaseDocument
    sheet: Sheet
    chart: Chart


async def _found(asked: Asked, name: str, wanted: str) -> _Found:
    """Find a chart by the name of its table (raises NoPage)."""
    release = await release_of(asked, name)
    document, _ = await asked.document(release)
    for sheet in sheets(document, asked.language):
        if sheet.name == wanted and (chart := chart_of(sheet, document, asked.language)):
            return _Found(release, document, sheet, chart)
    raise NoPage(404, "no chart", release.day)


async def _page(asked: Asked, name: str, chart: str, template: str) -> Answer:
    found = await _found(asked, name, chart)
    asked.pages.charts.begin(found.release.hash, found.document, asked.language)
    return asked.pages.write(
        template,
        asked.language,
        asked.rest,
        **found._asdict(),
        explained=explained(found.sheet.figure, None, asked.language),
        script=pointer.ADDRESS,
    )


async def _svg(asked: Asked, name: str, chart: str) -> Later:
    found = await _found(asked, name, chart)

    async def later() -> Answer:
        try:
            body = await asked.pages.charts.svg(found.release.hash, found.document, asked.language, chart)
        except NotDrawn:
            away = asked.pages.write("chart_away", asked.language, asked.rest, chart=found.chart)
            return away._replace(media_type="image/svg+xml", status=503)
        return Answer(body, "image/svg+xml", seconds=CHART_SECONDS)

    return later


async def _png(asked: Asked, name: str, chart: str) -> Later:
    found = await _found(asked, name, chart)

    async def later() -> Answer:
        try:
            body = await asked.pages.charts.png(found.release.hash, found.document, asked.language, chart)
        except NotDrawn as missing:
            raise NoPage(503, "no font" if missing.is_for_a_font else "chart away", found.release.day) from None
        filename = f"{chart}-{found.release.day}-{asked.language}.png"
        return Answer(body, "image/png", filename, seconds=CHART_SECONDS)

    return later


async def _vega(asked: Asked, name: str, chart: str) -> Later:
    found = await _found(asked, name, chart)

    async def later() -> Answer:
        try:
            body = await asked.pages.charts.vega(found.chart)
        except NotDrawn:
            raise NoPage(503, "chart away", found.release.day) from None
        return Answer(body, "application/json", seconds=CHART_SECONDS)

    return later


@router.get("/{language:two}/releases/{name}/charts/{chart}.svg")
async def svg(request: Request, language: str, name: str, chart: str) -> Response:
    """A chart, drawn."""
    return await answered(request, language, partial(_svg, name=name, chart=chart), name)


@router.get("/{language:two}/releases/{name}/charts/{chart}.png")
async def png(request: Request, language: str, name: str, chart: str) -> Response:
    """A chart as a picture to be put elsewhere."""
    return await answered(request, language, partial(_png, name=name, chart=chart), name)


@router.get("/{language:two}/releases/{name}/charts/{chart}.json")
async def vega(request: Request, language: str, name: str, chart: str) -> Response:
    """A chart as Vega draws it in a browser."""
    return await answered(request, language, partial(_vega, name=name, chart=chart), name)


@router.get("/{language:two}/releases/{name}/charts/{chart}/pointer")
async def pointer_page(request: Request, language: str, name: str, chart: str) -> Response:
    """A chart that answers to a pointer, where there is a script; without it, the same as its page."""
    made = partial(_page, name=name, chart=chart, template="pointer")
    return await answered(request, language, made, policy=pointer.POLICY)


@router.get("/{language:two}/releases/{name}/charts/{chart}")
async def page(request: Request, language: str, name: str, chart: str) -> Response:
    """A chart's permanent page."""
    return await answered(request, language, partial(_page, name=name, chart=chart, template="chart"))


@router.get("/assets/pointer-{edition}.js")
async def script(request: Request, edition: str) -> Response:
    """The script that draws charts in a browser; its address names what it is made of, so it may be kept for good."""
    pages: Pages = request.app.state.pages
    if edition != pointer.EDITION:
        return refused(pages, "ko", NoPage(404, "no page"))
    try:
        packed = await pages.charts.script()
    except NotDrawn:
        return refused(pages, "ko", NoPage(503, "chart away"))
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, 200, {**_SCRIPT_HEADERS, "Content-Encoding": "gzip"}, pointer.MEDIA_TYPE)
    return Response(gzip.decompress(packed), 200, _SCRIPT_HEADERS, pointer.MEDIA_TYPE)
