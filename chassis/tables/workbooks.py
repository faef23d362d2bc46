"""Sheets of .xlsx files: which of them is read, and their lines.

Read is the one sheet that can be seen and has rows, or the one that is named. openpyxl reads the parts; its parser of a
sheet's XML is used below its public surface, as only there a formula without a result differs from an empty cell.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser
from openpyxl.worksheet.cell_range import CellRange

from chassis.tables.delimited import Line, one_line
from chassis.tables.faults import Fault, TableRefused, Torn
from chassis.tables.tables import Left

LARGEST_UNPACKED = 20_000_000
"""Bytes of an .xlsx file's parts, which are a zip archive."""
MOST_UNPACKED_TIMES = 200
"""How many times larger than what is sent of it a part over SMALL_PART may be: those of real sheets stay below 50."""
SMALL_PART = 1_000_000
MOST_PARTS = 1_000
CODES_SHEET = "코드 Codes (jobplus)"
NOTES_SHEET = "안내 Notes (jobplus)"
TEMPLATE_SHEETS = frozenset({CODES_SHEET, NOTES_SHEET})
"""What a template has beside the sheet that is filled in: passed over unless it is asked for by name."""
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a file of before 2007 begins, and an .xlsx file that is encrypted within such a one."""
_OLD_BOOK = "Workbook".encode("utf-16-le")
"""The part of one that holds its sheets; an encrypted file has none."""
_KOREAN_DAYS = frozenset({*range(27, 37), *range(50, 59)})
"""Built-in number formats of a Korean Excel, that openpyxl doesn't know: days and times."""
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_CONTROL = re.compile(r"_x00([01][0-9A-Fa-f]|5F|5f|7F|7f)_")
"""How .xlsx writes what XML can't hold, and its own underscore."""


class Sheet(NamedTuple):
    """The sheet that is read: its name, its lines by their numbers from 0, and the sheets that aren't."""

    name: str
    lines: Iterator[tuple[int, Line | Torn]]
    left: tuple[Left, ...]


def sheet_of(body: bytes, name: str | None = None) -> Sheet:
    """Open the sheet of that name, or else the one that can be seen and has rows (raises TableRefused).

    Its lines raise whatever openpyxl is led to by a broken part.
    """
    if body.startswith(_OLD):
        raise TableRefused("old_sheet" if _OLD_BOOK in body else "locked")
    _refuse_bomb(body)
    book = load_workbook(io.BytesIO(body), read_only=True, keep_links=False)
    found = {each.title: Left(each.title, each.sheet_state != "visible", _is_empty(each)) for each in book.worksheets}
    filled_in = [each for each in found.values() if each.name not in TEMPLATE_SHEETS and not each.empty]
    meant = [found[name]] if name in found else [each for each in filled_in if not (name or each.hidden)]
    if name is None and not meant:
        raise TableRefused("all_hidden" if filled_in else "empty", sheets=_names(found))
    if name is not None and (not meant or meant[0].empty):
        raise TableRefused("no_sheet", sheet=name, sheets=_names(found))
    if len(meant) > 1:
        raise TableRefused("many_sheets", sheets=", ".join(each.name for each in meant))
    del found[meant[0].name]
    sheet = book[meant[0].name]
    return Sheet(meant[0].name, _whole(_lines(book, sheet), _merged(sheet)), tuple(found.values()))


def _names(found: Mapping[str, Left]) -> str:
    return ", ".join(each.name for each in found.values() if not each.empty)


def _is_empty(sheet: Any) -> bool:
    return not any(line for _, line in _lines(sheet.parent, sheet))


def _lines(book: Workbook, sheet: Any) -> Iterator[tuple[int, Line | Torn]]:
    styles: Any = book._cell_styles  # pyright: ignore
    days = {place for place, style in enumerate(styles) if style.numFmtId in _KOREAN_DAYS}
    with sheet._get_source() as source:
        parser = _Parser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=days | book._date_formats,  # pyright: ignore
            timedelta_formats=book._timedelta_formats,  # pyright: ignore
        )
        for number, cells in parser.parse():
            yield number - 1, _line(cells, hidden=number in parser.hidden)


def _line(cells: list[dict[str, Any]], *, hidden: bool) -> Line | Torn:
    line: Line = {}
    fault: Fault | None = None
    for cell in cells:
        if fault is None and cell["data_type"] in _FAULTS:
            name = f"{get_column_letter(cell['column'])}{cell['row']}"
            fault = Fault(_FAULTS[cell["data_type"]], {"cell": name, "error": cell["value"]})
        if text := _text(cell["value"]):
            line[cell["column"] - 1] = text
    if fault is None and line and hidden:
        fault = Fault("hidden_row", {"row": cells[0]["row"]})
    return line if fault is None else Torn(fault, line)


def _merged(sheet: Any) -> list[CellRange]:
    """Find which cells are merged, from top to bottom: a sheet tells of them after its rows."""
    with sheet._get_source() as source:
        ranges = [CellRange(cells.decode()) for cells in _MERGED.findall(source.read())]
    return sorted(ranges, key=lambda cells: cells.min_row)


def _whole(lines: Iterator[tuple[int, Line | Torn]], merged: Sequence[CellRange]) -> Iterator[tuple[int, Line | Torn]]:
    """Give the lines; one below the first that has a cell which a merged one covers, and so without what it shows, is
    no row."""
    ahead, here = list(reversed(merged)), list[CellRange]()
    for number, line in lines:
        row = number + 1
        while ahead and ahead[-1].min_row <= row:
            here.append(ahead.pop())
        here = [cells for cells in here if cells.max_row >= row]
        covered = next((each for cells in here if (each := _covered(cells, row))), None)
        if covered and number and line and not isinstance(line, Torn):
            yield number, Torn(covered, line)
        else:
            yield number, line


def _covered(cells: CellRange, row: int) -> Fault | None:
    """Tell of the first cell of a row that merged ones cover, beside the one that has their value."""
    column = cells.min_col if row > cells.min_row else cells.min_col + 1
    if column > cells.max_col:
        return None
    return Fault("merged", {"cell": f"{get_column_letter(column)}{row}", "cells": cells.coord})


_FAULTS = {"f": "formula", "e": "cell_error"}


class _Parser(WorkSheetParser):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.hidden: set[int] = set()

    def parse_row(self, row: Any) -> tuple[int, list[dict[str, Any]]]:
        number, cells = super().parse_row(row)
        if row.get("hidden") in {"1", "true"}:
            self.hidden.add(number)
        return number, cells

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell = super().parse_cell(element)
        # An empty text is a result ("str" without a value), and no value at all is none.
        formula = element.find(FORMULA_TAG)
        if cell["value"] is None and formula is not None and element.get("t") != "str":
            cell["data_type"], cell["value"] = "f", f"={formula.text or ''}"
        return cell


def _text(value: Any) -> str:
    """Write a cell as a person would: whole numbers without a point, days as YYYY-MM-DD."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
        case date():
            return value.isoformat()
        case timedelta():
            return str(value)
        case _:
            return one_line(_CONTROL.sub(lambda code: chr(int(code[1], 16)), str(value)))


def _refuse_bomb(body: bytes) -> None:
    """Refuse an archive whose parts say that they are too large, or that unpack to many times what was sent of them.

    What a part says is checked again as it is unpacked: zipfile stops at the size that was said.
    """
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED:
        raise TableRefused("large", bytes=unpacked, most=LARGEST_UNPACKED)
    for part in parts:
        if part.file_size > SMALL_PART and part.file_size > MOST_UNPACKED_TIMES * max(1, part.compress_size):
            raise TableRefused("packed", part=part.filename, bytes=part.file_size)
