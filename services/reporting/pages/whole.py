"""All of a release as tables: those of its page, and its figures as one of them, for downloads and permanent pages."""

from chassis.words import Language
from services.reporting.pages import names
from services.reporting.pages.crossed import cross_sheets
from services.reporting.pages.sentences import column_name
from services.reporting.pages.sheets import Cell, Sheet, SheetRow, cell, sheets
from services.reporting.pages.words import COUNTS, words
from services.reporting.releases.document import ColumnName, Headline, ReleaseDocument

FIGURES = "figures"
"""The name of the table of all figures."""


def whole(document: ReleaseDocument, language: Language) -> tuple[Sheet, ...]:
    """Give everything that a release says: the table of its figures, and after it all others."""
    return (_figures(document, language), *sheets(document, language), *cross_sheets(document, language))


def _figures(document: ReleaseDocument, language: Language) -> Sheet:
    columns: list[ColumnName] = [column.name for column in document.columns]
    heads = [column_name(column, language) for column in document.columns]
    has_change = "year_before" in columns
    if has_change:
        heads += [words.told("Change", language), words.told("Change in percent", language)]

    def row(headline: Headline) -> SheetRow:
        unit = names.unit_of(headline.figure)
        cells = [cell(headline.values.get(column), unit, language) for column in columns]
        if has_change:
            cells += _change(headline, unit, language)
        return SheetRow(names.figure_name(headline.figure, language), tuple(cells), headline.figure)

    return Sheet(
        FIGURES,
        words.told("All figures", language),
        "",
        (words.told("Figure", language), *heads),
        tuple(map(row, document.figures)),
        key="figure",
        columns=(*columns, *(("change", "change_percent") if has_change else ())),
    )


def _change(headline: Headline, unit: str, language: Language) -> tuple[Cell, Cell]:
    by = "percentage points" if unit == "percent" else unit
    percent = headline.change_percent if unit in COUNTS else None
    return cell(headline.change, by, language), cell(percent, "percent", language)
