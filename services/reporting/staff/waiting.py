"""Who waits and how long, on any day: a table, its chart, and for those who prove figures the registrations behind each
number. It is in no release: those who wait become more and fewer, so decision 31 doesn't hold for them."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from fastapi import Response

from chassis.database.db import Pool, reading
from chassis.words import Language
from services.reporting.drawing.model import Bar, Bars, Chart, Panel
from services.reporting.figures.measures import Dimension
from services.reporting.figures.waiting import BANDS, Band, registrations_of_waiting, waiting_on
from services.reporting.pages import names
from services.reporting.pages.charts.chosen import UNITS, bars_said, height_of
from services.reporting.pages.charts.rendered import NotDrawn
from services.reporting.pages.rendered import Pages
from services.reporting.pages.words import amount, capital, day, words
from services.reporting.readers import PROVERS, STAFF
from services.reporting.releases.contents import VALUES
from services.reporting.signin.readers import HEADERS, Refused
from services.reporting.staff.answers import Asked
from services.reporting.staff.opened import FACTS_OF_A_PAGE, facts_shown
from services.reporting.staff.typed import Typed, day_of, place_of, today_of, typed_into

ROLES = STAFF
PROVING = PROVERS
"""Who may look at single registrations, as of `registered`."""
BY: tuple[Dimension, ...] = ("age_band", "gender", "district")
"""What they are told apart by; the chart has a panel for each value of the first two."""
_WITHOUT_PANELS = ("district",)
_CODES: Mapping[str, int] = {band.code: place for place, band in enumerate(BANDS)}


class Number(NamedTuple):
    """A number as it is shown, and the query that opens it, "" where there is nothing behind it."""

    shown: str
    behind: str


class Row(NamedTuple):
    """Those who have a value in common: all of them, and by band."""

    name: str
    counts: tuple[int, ...]
    numbers: tuple[Number, ...]


def band_name(band: Band, language: Language) -> str:
    """Name a band: `31 to 90 days`."""
    if band.last is None:
        return words.told("%(first)s days and over", language, first=band.first)
    if band.first == 0:
        return words.told("up to %(last)s days", language, last=band.last)
    return words.told("%(first)s to %(last)s days", language, first=band.first, last=band.last)


class _Form(NamedTuple):
    """What is asked for: the day, and what they are told apart by."""

    typed: Typed
    by: Dimension


def _form(asked: Asked, *more: str) -> _Form:
    typed = typed_into(asked, "as_of", "by", *more)
    by = typed.values["by"] or BY[0]
    if by not in BY:
        typed.wrong["by"] = "no split"
        by = BY[0]
    return _Form(typed, by)


class _Counted(NamedTuple):
    """What a form asks for, and who waits then; nobody is counted where something is wrong with it."""

    typed: Typed
    by: Dimension
    today: date
    until: date
    found: Mapping[tuple[str, int], int]


async def _counted(asked: Asked) -> _Counted:
    typed, by = _form(asked)
    pool: Pool = asked.request.app.state.pool
    with asked.costly():
        async with reading(pool) as conn:
            today = await today_of(asked, conn)
            until = day_of(typed, "as_of", today)
            return _Counted(typed, by, today, until, {} if typed.wrong else await waiting_on(conn, until, by))


async def page(asked: Asked) -> Response:
    """Show who waits when a day ends."""
    typed, by, today, until, found = await _counted(asked)
    query = {"as_of": str(until), "by": by}
    proves = asked.reader.actor.role in PROVING
    rows = _rows(found, by, asked.language, query if proves else None)
    return asked.page(
        "waiting",
        status=422 if typed.wrong else 200,
        typed=typed,
        today=today,
        until=until,
        by=by,
        splits=[(one, _split_name(one, asked.language)) for one in BY],
        split=_split_name(by, asked.language),
        bands=[band_name(band, asked.language) for band in BANDS],
        rows=rows,
        proves=proves,
        chart=_chart(rows, by, day(until, asked.language), asked.language) if rows[0].counts[0] else None,
        query=urlencode(query),
    )


async def svg(asked: Asked) -> Response:
    """Give the chart of a page, as the same question is answered now."""
    pages: Pages = asked.request.app.state.pages
    typed, by, _, until, found = await _counted(asked)
    if typed.wrong:
        raise Refused(404, "no page")
    chart = _chart(_rows(found, by, asked.language, None), by, day(until, asked.language), asked.language)
    headers = {**HEADERS, "Content-Language": asked.language}
    try:
        return Response(await pages.charts.alone(chart), 200, headers, "image/svg+xml")
    except NotDrawn:
        away = pages.write("chart_away", asked.language, asked.rest, chart=chart)
        return Response(away.body, 503, headers, "image/svg+xml")


async def registrations_page(asked: Asked) -> Response:
    """Show the registrations behind a number, a page of them at a time, each with its event."""
    typed, by = _form(asked, "value", "band", "after")
    value, band, after = typed.values["value"], typed.values["band"], place_of(typed, "after")
    if band and band not in _CODES:
        typed.wrong["band"] = "no band"
    pool: Pool = asked.request.app.state.pool
    shown, more = [], None
    with asked.costly():
        async with reading(pool) as conn:
            today = await today_of(asked, conn)
            until = day_of(typed, "as_of", today)
            if not typed.wrong:
                listed = await registrations_of_waiting(
                    conn, until, by, value or None, _CODES.get(band), after, FACTS_OF_A_PAGE
                )
                shown, more = await facts_shown(conn, listed.found, asked), listed.next
    query = {"as_of": str(until), "by": by, "value": value, "band": band}
    return asked.page(
        "waiting_registrations",
        status=422 if typed.wrong else 200,
        typed=typed,
        today=today,
        until=until,
        of=names.value_name(by, value, asked.language) if value else words.told("Total", asked.language),
        band=band_name(BANDS[_CODES[band]], asked.language) if band in _CODES else "",
        back=urlencode({"as_of": str(until), "by": by}),
        facts=shown,
        next=urlencode({**query, "after": more}) if more else "",
    )


def _split_name(by: Dimension, language: Language) -> str:
    return capital(words.told(names.DIMENSIONS[by], language))


def _rows(
    found: Mapping[tuple[str, int], int], by: Dimension, language: Language, query: Mapping[str, str] | None
) -> list[Row]:
    """Put the table together, all of them first; where a query is given each number has what opens it."""
    values = [*VALUES[by], *sorted({code for code, _ in found} - {*VALUES[by]})]

    def row(name: str, value: str, codes: list[str]) -> Row:
        by_band = [sum(found.get((code, place), 0) for code in codes) for place in range(len(BANDS))]
        counts = (sum(by_band), *by_band)
        numbers = (
            Number(
                amount(count, "persons", language),
                urlencode({**query, "value": value, "band": band}) if query is not None and count else "",
            )
            for count, band in zip(counts, ("", *_CODES), strict=True)
        )
        return Row(name, counts, tuple(numbers))

    whole = row(words.told("Total", language), "", values)
    return [whole, *(row(names.value_name(by, value, language), value, [value]) for value in values)]


def _chart(rows: list[Row], by: Dimension, until: str, language: Language) -> Chart:
    """Draw all of them by band, and where there are few values each in a panel of its own, all on one scale."""
    drawn = rows[:1] if by in _WITHOUT_PANELS else rows
    labels = [band_name(band, language) for band in BANDS]
    panels = tuple(
        Panel(
            title=row.name,
            bars=tuple(
                Bar(label=label, amount=count, shown=number.shown)
                for label, count, number in zip(labels, row.counts[1:], row.numbers[1:], strict=True)
            ),
        )
        for row in drawn
        if row.counts[0]
    )
    drawing = Bars(panels=panels, most=max((count for row in drawn for count in row.counts[1:]), default=0) or 1)
    title = words.told("Unplaced job seekers, by days since their registration", language)
    said = " ".join(f"{panel.title}: {bars_said(panel.bars, '', language)}" for panel in panels)
    return Chart(
        name="waiting",
        language=language,
        title=title,
        subtitle=f"{until} · {words.told(UNITS['persons'], language)}",
        source=words.told("For staff alone, not published", language),
        alt=words.told("Chart: %(title)s. %(said)s", language, title=title, said=said),
        height=height_of(drawing),
        drawing=drawing,
    )
