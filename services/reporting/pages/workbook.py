"""Tables as a workbook (XLSX): a sheet of what it is, then a sheet a table, its numbers written as the pages do."""

import io
import re
from collections.abc import Sequence
from datetime import datetime, time

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from chassis.words import Language
from services.reporting.pages.about import About, Source, about
from services.reporting.pages.downloads import harmless, plain
from services.reporting.pages.sheets import Cell, Sheet
from services.reporting.pages.words import number_format, words

_LONGEST_NAME = 31
"""Of a sheet, as Excel takes it."""
_UNFIT = re.compile(r"[\[\]:*?/\\']")
_WIDEST = 42
"""Characters that a column is wide at most; what is longer is broken into lines."""


def as_workbook(source: Source, tables: Sequence[Sheet], language: Language) -> bytes:
    """Write tables of a release as a workbook; the same tables give the same bytes."""
    return written(about(source, tables, language), tables, language)


def written(of: About, tables: Sequence[Sheet], language: Language) -> bytes:
    """Write tables as a workbook that says what it is."""
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        book.set_properties(
            {
                "title": of.title,
                "author": of.centre,
                "comments": of.address,
                "created": datetime.combine(of.day, time()),
            }
        )
        looks = _Looks(book, language)
        _about(book.add_worksheet(words.told("About", language)), of, looks)
        for name, sheet in zip(_names(tables), tables, strict=True):
            _table(book.add_worksheet(name), sheet, looks)
    return file.getvalue()


class _Looks:
    """How cells of one workbook look, each made once."""

    def __init__(self, book: Workbook, language: Language) -> None:
        self._book = book
        self._language: Language = language
        self._numbers: dict[tuple[str, bool], Format] = {}
        self.head = book.add_format({"bold": True, "bg_color": "#ECF2FE", "bottom": 1, "text_wrap": True})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.name = book.add_format({"bold": True, "valign": "top"})
        self.instead = book.add_format({"italic": True, "font_color": "#58616A", "align": "right"})

    def of(self, cell: Cell) -> Format:
        """Give how a cell looks."""
        if cell.is_name:
            return self.text
        if isinstance(cell.plain, str) or cell.plain is None:
            return self.instead
        key = cell.unit, isinstance(cell.plain, int)
        if key not in self._numbers:
            form = number_format(cell.unit, is_whole=key[1], language=self._language)
            self._numbers[key] = self._book.add_format({"num_format": form})
        return self._numbers[key]


def _about(on: Worksheet, of: About, looks: _Looks) -> None:
    on.set_column(0, 0, 34)
    on.set_column(1, 1, 90)
    for line, (name, text) in enumerate(of.told):
        on.write_string(line, 0, harmless(name), looks.name)
        on.write_string(line, 1, harmless(text), looks.text)


def _table(on: Worksheet, sheet: Sheet, looks: _Looks) -> None:
    on.freeze_panes(1, 1)
    for place, head in enumerate(sheet.heads):
        on.write_string(0, place, harmless(head), looks.head)
    longest = max((_width(line.name) for line in sheet.lines), default=10)
    on.set_column(0, 0, min(longest + 2, _WIDEST))
    on.set_column(1, max(len(sheet.heads) - 1, 1), 16)
    for number, line in enumerate(sheet.lines, start=1):
        on.write_string(number, 0, harmless(line.name))
        for place, cell in enumerate(line.cells, start=1):
            value = plain(cell)
            if isinstance(value, str):
                on.write_string(number, place, value, looks.of(cell))
            elif value is not None:
                on.write_number(number, place, value, looks.of(cell))


def _width(text: str) -> int:
    """Give how many columns of digits a text is wide: a Korean letter is as two."""
    return sum(1 if letter.isascii() else 2 for letter in text)


def _names(tables: Sequence[Sheet]) -> list[str]:
    """Name the tables' sheets by their titles, or by what they are called in addresses where a title is too long for
    it; those that would be called alike by a number too."""
    names: list[str] = []
    for sheet in tables:
        title = _UNFIT.sub("", sheet.title)
        name = title if len(title) <= _LONGEST_NAME else sheet.name[:_LONGEST_NAME]
        alike = sum(one.startswith(name[: _LONGEST_NAME - 3]) for one in names)
        names.append(f"{name[: _LONGEST_NAME - 3]} {alike + 1}" if alike and len(name) == _LONGEST_NAME else name)
    return names
