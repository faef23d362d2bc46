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
    for row in sheet.lines:
        writer.writerow([harmless(row.name), *("" if (told := plain(cell)) is None else told for cell in row.cells)])
    return codecs.BOM_UTF8 + written.getvalue().encode()


def harmless(text: str) -> str:
    """Give a text that no sheet program takes for a formula: an apostrophe stands before what would be one."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain(cell: Cell) -> str | float | None:
    """Give what a file has of a cell: a number as it is, a text that starts no formula, `None` of what isn't told."""
    return harmless(cell.plain) if isinstance(cell.plain, str) else cell.plain
