"""A release's tables by two things, a period a table: a row a value of the one, a column a value of the other."""

from collections.abc import Mapping

from chassis.words import Language
from services.reporting.pages import names
from services.reporting.pages.sentences import column_name
from services.reporting.pages.sheets import (
    TOTAL,
    Cell,
    Sheet,
    SheetRow,
    count_cell,
    figure_of,
    ordered,
    table_name,
    table_title,
)
from services.reporting.pages.words import capital, words
from services.reporting.releases.document import Column, CrossTable, ReleaseDocument, Table

_Counts = Mapping[tuple[str, str], int | None]


def cross_sheets(document: ReleaseDocument, language: Language) -> tuple[Sheet, ...]:
    """Give a release's tables by two things, in each of its periods."""
    return tuple(
        _sheet(document, table, column, language)
        for table in document.cross_tables
        for column in document.columns
        if any(column.name in line.counts for line in table.lines)
    )


def _sheet(document: ReleaseDocument, table: CrossTable, column: Column, language: Language) -> Sheet:
    by_row, by_column = (_margin(document, table, one) for one in table.by)
    unit = names.MEASURES[table.measure].unit
    counts: _Counts = {line.values: line.counts.get(column.name) for line in table.lines}

    def cell(count: int | None) -> Cell:
        return count_cell(count, True, unit, language)

    def of_margin(margin: Table, value: str) -> Cell:
        return cell(next(line.counts.get(column.name) for line in margin.lines if line.value == value))

    across = [line.value for line in by_column.lines]
    total = words.told("Total", language)
    return Sheet(
        table_name(table.measure, table.by, column.name),
        f"{table_title(table.measure, table.by, language)}: {column_name(column, language)}",
        figure_of(by_row),
        (
            capital(words.told(names.DIMENSIONS[table.by[0]], language)),
            total,
            *(names.value_name(table.by[1], value, language) for value in across),
        ),
        tuple(
            SheetRow(
                names.value_name(table.by[0], line.value, language),
                (
                    of_margin(by_row, line.value),
                    *(cell(counts.get((line.value, value), 0)) for value in across),
                ),
                line.value,
            )
            for line in ordered(by_row, "since_opening")
        ),
        SheetRow(
            total,
            (cell(by_row.totals[column.name]), *(of_margin(by_column, value) for value in across)),
            TOTAL,
        ),
        key=table.by[0],
        columns=(TOTAL, *across),
        across=table.by[1],
        period=column.name,
    )


def _margin(document: ReleaseDocument, table: CrossTable, by: str) -> Table:
    """Give the table by one thing that a table's rows, or its columns, add up to."""
    return next(one for one in document.tables if (one.measure, one.by) == (table.measure, by))
