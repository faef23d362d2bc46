"""What stands beside a release: its corrections as tables, and which releases are to come."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from chassis.words import Language
from contracts.reports import CorrectionReason
from services.reporting.corrections.model import Corrected, Correction
from services.reporting.corrections.places import cell_parts
from services.reporting.figures.period import month_end
from services.reporting.pages import names
from services.reporting.pages.names import Name
from services.reporting.pages.sentences import column_name, span
from services.reporting.pages.sheets import Cell, Sheet, SheetRow, cell, table_name, table_title
from services.reporting.pages.whole import whole
from services.reporting.pages.words import calendar_name, day, month_of, words
from services.reporting.releases.document import ReleaseDocument

COMING = 3

REASONS: Mapping[CorrectionReason, str] = {
    "recorded_late": "Facts were recorded after the release.",
    "record_corrected": "Records were corrected after the release.",
    "counted_anew": "The figures had been counted wrong.",
}


TOLD_ONCE: Mapping[str, Mapping[str, Name]] = {
    "internships": {
        "started": Name("Started", "persons"),
        "broken_off": Name("Broken off", "persons"),
        "completed": Name("Completed", "persons"),
        "converted": Name("Made permanent", "persons"),
        "percent": Name("Share made permanent", "percent"),
    },
    "retention": {
        "due": Name("Due", "times"),
        "reached": Name("Reached", "times"),
        "still_employed": Name("Still in the job", "times"),
        "percent": Name("Share of the reached", "percent"),
    },
    "surveys": {
        "asked": Name("Asked", "persons"),
        "answered": Name("Answered", "persons"),
        "score": Name("Score", "points"),
        "percent_satisfied": Name("Satisfied", "percent"),
    },
}
"""What the numbers are called that a release tells once, by the first and the last step of their addresses."""


class _Named(NamedTuple):
    """What a corrected number is called, of which period it is, and its unit."""

    name: str
    period: str
    unit: str


class ShownCorrection(NamedTuple):
    """A correction as a page shows it: a table of its numbers, and the tables, by name and title, that have more of
    them beside their own."""

    made_on: date
    reason: str | None
    sheet: Sheet
    tables: Sequence[tuple[str, str]] = ()


class Coming(NamedTuple):
    """A release that is to come: the day that it tells the figures up to, and the day on which it will be published,
    where that is known."""

    day: date
    published_on: date | None


def corrected(
    made: Sequence[Correction], document: ReleaseDocument, language: Language, *, table: str = ""
) -> list[ShownCorrection]:
    """Give a release's corrections, the newest first: of all, with those tables that have corrected counts; or where a
    table is named, of its counts alone."""
    titles = {} if table else {sheet.name: sheet.title for sheet in whole(document, language)}
    found: list[ShownCorrection] = []
    for one in reversed(made):
        figures = [each for each in one.figures if _table_of(each) == table]
        tables = [*dict.fromkeys(name for each in one.figures if (name := _table_of(each)) in titles)]
        if figures or tables:
            shown = _shown(one._replace(figures=figures), document, language)
            found.append(shown._replace(tables=[(name, titles[name]) for name in tables]))
    return found


def coming(newest: date, after_days: int | None) -> list[Coming]:
    """Give the next releases after the newest."""
    found: list[Coming] = []
    for _ in range(COMING):
        newest = month_end(newest + timedelta(days=1))
        found.append(Coming(newest, newest + timedelta(days=after_days) if after_days else None))
    return found


def _shown(made: Correction, document: ReleaseDocument, language: Language) -> ShownCorrection:
    heads = ("Figure", "Period", "As it was told", "As it is known")
    title = words.told("Correction of %(day)s", language, day=day(made.corrected_on, language))
    rows = tuple(_row(one, document, language) for one in made.figures)
    sheet = Sheet(f"correction-{made.number}", title, "", tuple(words.told(head, language) for head in heads), rows)
    reason = words.told(REASONS[made.reason], language) if made.reason else None
    return ShownCorrection(made.corrected_on, reason, sheet)


def _row(one: Corrected, document: ReleaseDocument, language: Language) -> SheetRow:
    named = _named(one, document, language)
    period = Cell(named.period, one.column or one.month or named.period)
    values = (cell(value, named.unit, language) for value in (one.published, one.known))
    return SheetRow(named.name, (period, *values), one.figure)


def _named(one: Corrected, document: ReleaseDocument, language: Language) -> _Named:
    if one.month is not None:
        of = names.MEASURES[one.figure]  # pyright: ignore[reportArgumentType]
        return _Named(words.told(of.name, language), month_of(one.month, language), of.unit)
    if one.column is not None:
        (column,) = (column for column in document.columns if column.name == one.column)
        period = column_name(column, language)
        if one.place.is_in_a_table:
            return _Named(_cell_name(one.figure, language), period, names.MEASURES[cell_parts(one.figure)[0]].unit)
        return _Named(names.figure_name(one.figure, language), period, names.unit_of(one.figure))
    figure, of_which, *_, last = one.figure.split(".")
    if figure == "targets":
        target = names.target_name(one.figure.split(".")[2])
        said = f"{words.told(target.name, language)}: {words.told('Result so far', language)}"
        return _Named(said, calendar_name(document.release, language), target.unit)
    part = TOLD_ONCE[figure][last]
    said = words.told(part.name, language)
    if figure == "retention":
        after = f"{words.told('After the placement', language)}, {span(of_which, language)}"
        return _Named(f"{after}: {said}", words.told("Since opening", language), part.unit)
    if figure == "internships":
        period = calendar_name(min(date(int(of_which), 12, 31), document.release), language)
    else:
        period = day(date.fromisoformat(of_which), language)
    return _Named(f"{names.figure_name(figure, language)}: {said}", period, part.unit)


def _cell_name(name: str, language: Language) -> str:
    """Name a count of a table: what the table is called, and what the count is of."""
    measure, values = cell_parts(name)
    of = (names.value_name(by, value, language) for by, value in values.items())
    return f"{table_title(measure, [*values], language)}: {' / '.join(of)}"


def _table_of(one: Corrected) -> str:
    """Name the table, as in addresses, that a number stands in; "" of what isn't a count of one."""
    if one.column is None or not one.place.is_in_a_table:
        return ""
    measure, values = cell_parts(one.figure)
    return table_name(measure, [*values], one.column)
