"""Tables as an office has them: texts and sheets read into rows of texts.

The first row names the columns. Rows are numbered from 1 below it, empty ones included, so that a number leads to the
place in the file. An empty cell is an absent value.
"""

import csv
import io
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

from chassis.tables.delimited import SEPARATORS, Line, decoded, lines_of, separator_of, told_separator
from chassis.tables.faults import Fault, TableRefused, Torn

_KEPT_AS_TEXT = re.compile('="([^"]*)"')
"""How programs write a text into a CSV that a sheet would make a number of."""
_FORMULA = re.compile(r"=\s*[-+]?[\w($\"'\[]")
ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
"""What a sheet writes for a formula that comes to nothing."""

Format = Literal["ndjson", "csv", "xlsx"]

MEDIA_TYPES: dict[str, Format] = {
    "application/x-ndjson": "ndjson",
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
MOST_COLUMNS = 200
MOST_VALUES = 1_000
"""Of a form or a row, counted by what parts them; no form has a tenth of it. Each that is wrong is answered with its
field and a reason: 1 MB of them came to an answer of 75 MB."""
MOST_EMPTY_ROWS = 10_000
"""Between two that aren't: a cell so far below a sheet's rows is there by mistake."""


class Meant(NamedTuple):
    """How a file is to be read, where it can be read in several ways: what isn't given is recognised. `surely`: what
    can't be told is refused, rather than taken for UTF-8."""

    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    surely: bool = False


AS_IT_IS = Meant()


class TableRow(NamedTuple):
    """A row that isn't empty: its number, and the texts of its cells that aren't."""

    number: int
    cells: dict[str, str]


class Left(NamedTuple):
    """A sheet that wasn't read: its name, whether it is hidden, and whether it has no rows."""

    name: str
    hidden: bool
    empty: bool


class Origin(NamedTuple):
    """How a file was read: the encoding and separator of a text, or the sheet, and the sheets that weren't."""

    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    left: tuple[Left, ...] = ()


class TornRow(NamedTuple):
    """What can be told of a row that is none: the texts of its cells, and those that stand under no name."""

    cells: dict[str, str]
    stray: list[str]


class Table(NamedTuple):
    """The columns that have a name, the rows, by their numbers why others are none, how they were read, and what can be
    told of those that are none."""

    columns: tuple[str, ...]
    rows: list[TableRow]
    broken: dict[int, Fault]
    origin: Origin = Origin()
    torn: Mapping[int, TornRow] = MappingProxyType({})


def read_table(
    body: bytes, format_: Literal["csv", "xlsx"], most_rows: int | None = None, meant: Meant = AS_IT_IS
) -> Table:
    """Read a text or a sheet, of at most so many rows (raises TableRefused)."""
    if format_ == "csv":
        return _read_text(body, most_rows, meant)
    from chassis.tables.workbooks import sheet_of

    try:
        with warnings.catch_warnings(action="ignore"):  # the library's, of what it leaves out: formats and the like
            sheet = sheet_of(body, meant.sheet)
            return _read(sheet.lines, most_rows, Origin(sheet=sheet.name, left=sheet.left))
    except (TableRefused, MemoryError):
        raise
    except Exception as error:  # the library raises whatever a broken part leads it to
        raise TableRefused("broken_sheet") from error


def _read_text(body: bytes, most_rows: int | None, meant: Meant) -> Table:
    text, encoding = decoded(body, meant.encoding, surely=meant.surely)
    told, text = told_separator(text)
    separator = meant.separator or told or separator_of(text)
    name = next(name for name, sign in SEPARATORS.items() if sign == separator)
    return _read(lines_of(text, separator), most_rows, Origin(encoding, name))


def _read(lines: Iterator[tuple[int, Line | Torn]], most_rows: int | None, origin: Origin) -> Table:
    named = _column_names(next(lines, (0, {})))
    rows: list[TableRow] = []
    broken: dict[int, Fault] = {}
    torn: dict[int, TornRow] = {}
    last = 0
    for number, read in lines:
        line = read if isinstance(read, Torn) else _without_formulas(number, read)
        if not line:
            continue
        if number - last > MOST_EMPTY_ROWS:
            raise TableRefused("far_below", row=number, most=MOST_EMPTY_ROWS)
        last = number
        if not isinstance(line, Torn) and (stray := next((p for p in line if p not in named), None)) is not None:
            line = Torn(Fault("no_name", {"place": stray + 1}), line)
        if isinstance(line, Torn):
            broken[number] = line.fault
            torn[number] = _torn(line, named)
        else:
            rows.append(TableRow(number, {named[place]: text for place, text in line.items()}))
        if most_rows is not None and len(rows) + len(broken) > most_rows:
            raise TableRefused("many_rows", most=most_rows)
    return Table(tuple(named.values()), rows, broken, origin, torn)


def _without_formulas(number: int, line: Line) -> Line | Torn:
    """Give a line with the texts that `="02"` stands for; one that holds a formula or an error as a text is no row."""
    kept: Line = {}
    for place, text in line.items():
        if text[0] not in "=#":
            continue
        if found := _KEPT_AS_TEXT.fullmatch(text):
            kept[place] = found[1].strip()
        elif text in ERRORS or _FORMULA.match(text):
            cell = f"{_letters(place)}{number + 1}"
            return Torn(Fault("cell_error" if text in ERRORS else "formula", {"cell": cell, "error": text}), line)
    return {place: text for place, text in (line | kept).items() if text} if kept else line


def _letters(place: int) -> str:
    """Name a column as sheets do: A to Z, then AA."""
    before, last = divmod(place, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _torn(line: Torn, named: Line) -> TornRow:
    cells = {named[place]: text for place, text in line.cells.items() if place in named}
    return TornRow(cells, [text for place, text in line.cells.items() if place not in named])


def _column_names(first: tuple[int, Line | Torn]) -> Line:
    number, named = first
    if isinstance(named, Torn):
        raise TableRefused(named.fault.what, named.fault.column, **named.fault.values)
    if not named or number:
        raise TableRefused("empty")
    if max(named) >= MOST_COLUMNS:
        raise TableRefused("many_columns", count=max(named) + 1, most=MOST_COLUMNS)
    for name, count in Counter(named.values()).items():
        if count > 1:
            raise TableRefused("twice", name, name=name)
    return named


def written(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> bytes:
    """Write rows as CSV in UTF-8, as `read_table` reads it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()
