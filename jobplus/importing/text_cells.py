"""Cells of the sheets that an office gets from here: texts, so that no program makes a number, a day or a formula of
what was typed."""

import re
from collections.abc import Iterable
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

TEXT_FORMAT = "@"
MOST_IN_CELL = 32_767
"""Characters; a sheet has room for no more."""
_ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def text_cell(sheet: Any, text: str, *, bold: bool = False, wrapped: bool = False) -> Any:
    """Make a cell of a sheet that is only written; what XML can't hold is written as .xlsx does: `_x0001_`."""
    text = _NO_XML.sub(lambda sign: f"_x{ord(sign[0]):04X}_", _ESCAPE_LIKE.sub("_x005F_", text))
    cell = WriteOnlyCell(sheet, text[:MOST_IN_CELL])
    cell.data_type = "s"  # also where it begins as a formula
    cell.number_format = TEXT_FORMAT
    if bold:
        cell.font = Font(bold=True)
    if wrapped:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def header(sheet: Any, names: Iterable[str]) -> list[Any]:
    """Make the cells of the row that names the columns."""
    return [text_cell(sheet, name, bold=True) if name else None for name in names]
