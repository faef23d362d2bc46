"""Charts over HTTP: a page with the chart, its table, its source and meaning; the chart as SVG and as PNG."""

from functools import partial
from typing import NamedTuple

from fastapi import APIRouter, Request, Response

from services.reporting.drawing.model import Chart
from services.reporting.pages.answers import Asked, NoPage, answered, release_of
from services.reporting.pages.charts.chosen import chart_of
from services.reporting.pages.charts.rendered import NotDrawn
from services.reporting.pages.explained import explained
from services.reporting.pages.rendered import Answer, Later
from services.reporting.pages.sheets import Sheet, sheets
from services.reporting.releases.document import ReleaseDocument
from services.reporting.releases.queries import Released

router = APIRouter(include_in_schema=False)

CHART_SECONDS = 86_400
"""How long a chart may be kept: it never changes, but for how it is drawn."""


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


async def _page(asked: Asked, name: str, chart: str) -> Answer:
    found = await _found(asked, name, chart)
    asked.pages.charts.begin(found.release.hash, found.document, asked.language)
    return asked.pages.write(
        "chart",
        asked.language,
        asked.rest,
        **found._asdict(),
        explained=explained(found.sheet.figure, None, asked.language),
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


@router.get("/{language:two}/releases/{name}/charts/{chart}.svg")
async def svg(request: Request, language: str, name: str, chart: str) -> Response:
    """A chart, drawn."""
    return await answered(request, language, partial(_svg, name=name, chart=chart), name)


@router.get("/{language:two}/releases/{name}/charts/{chart}.png")
async def png(request: Request, language: str, name: str, chart: str) -> Response:
    """A chart as a picture to be put elsewhere."""
    return await answered(request, language, partial(_png, name=name, chart=chart), name)


@router.get("/{language:two}/releases/{name}/charts/{chart}")
async def page(request: Request, language: str, name: str, chart: str) -> Response:
    """A chart's permanent page."""
    return await answered(request, language, partial(_page, name=name, chart=chart))
