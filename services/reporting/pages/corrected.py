"""What stands beside a release: its corrections as tables, and which releases are to come."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from chassis.words import Language
from contracts.reports import CorrectionReason
from services.reporting.corrections.model import Correction
from services.reporting.figures.period import month_end
from services.reporting.pages import names
from services.reporting.pages.sentences import column_name
from services.reporting.pages.sheets import Cell, Sheet, SheetRow, cell
from services.reporting.pages.words import day, words
from services.reporting.releases.document import ReleaseDocument

COMING = 3

REASONS: Mapping[CorrectionReason, str] = {
    "recorded_late": "Facts were recorded after the release.",
    "record_corrected": "Records were corrected after the release.",
    "counted_anew": "The figures had been counted wrong.",
}


class ShownCorrection(NamedTuple):
    """A correction as a page shows it."""

    made_on: date
    reason: str | None
    sheet: Sheet


class Coming(NamedTuple):
    """A release that is to come: the day that it tells the figures up to, and the day on which it will be published,
    where that is known."""

    day: date
    published_on: date | None


def corrected(made: Sequence[Correction], document: ReleaseDocument, language: Language) -> list[ShownCorrection]:
    """Give a release's corrections, the newest first."""
    return [_shown(one, document, language) for one in reversed(made)]


def coming(newest: date, after_days: int | None) -> list[Coming]:
    """Give the next releases after the newest."""
    found: list[Coming] = []
    for _ in range(COMING):
        newest = month_end(newest + timedelta(days=1))
        found.append(Coming(newest, newest + timedelta(days=after_days) if after_days else None))
    return found


def _shown(made: Correction, document: ReleaseDocument, language: Language) -> ShownCorrection:
    columns = {column.name: column_name(column, language) for column in document.columns}
    heads = ("Figure", "Period", "As it was told", "As it is known")
    title = words.told("Correction of %(day)s", language, day=day(made.corrected_on, language))
    rows = tuple(
        SheetRow(
            names.figure_name(one.figure, language),
            (
                Cell(columns[one.column], one.column),
                *(cell(value, names.unit_of(one.figure), language) for value in (one.published, one.known)),
            ),
            one.figure,
        )
        for one in made.figures
    )
    sheet = Sheet(f"correction-{made.number}", title, "", tuple(words.told(head, language) for head in heads), rows)
    reason = words.told(REASONS[made.reason], language) if made.reason else None
    return ShownCorrection(made.corrected_on, reason, sheet)
