"""Tables as files that office programs open right: CSV in UTF-8 with its mark."""

import codecs
import csv
import io

from services.reporting.pages.sheets import Cell, Sheet

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a sheet program would take for a formula."""


def as_csv(sheet: Sheet) -> bytes:
    """Write a table as CSV: numbers as they are, without a unit; what isn't told is empty."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(map(harmless, sheet.heads))
    for row in [*sheet.rows, *([sheet.total] if sheet.total else [])]:
        writer.writerow([harmless(row.name), *(_plain(cell) for cell in row.cells)])
    return codecs.BOM_UTF8 + written.getvalue().encode()


def harmless(text: str) -> str:
    """Give a text that no sheet program takes for a formula: an apostrophe stands before what would be one."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(cell: Cell) -> str | float:
    if isinstance(cell.plain, str):
        return harmless(cell.plain)
    return "" if cell.plain is None else cell.plain
