"""Tables as an office has them: CSV and .xlsx read into rows of texts.

The first row names the columns. Rows are numbered from 1 below it, empty ones included, so that a number leads to the
place in the file. An empty cell is an absent value.
"""

import codecs
import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

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
"""One after the other: so a stray cell far below a sheet's rows is not read up to."""
LARGEST_UNPACKED = 20_000_000
"""Bytes of an .xlsx file's parts, which are a zip archive."""
MOST_UNPACKED_TIMES = 200
"""How many times larger than what is sent of it a part over SMALL_PART may be: those of real sheets stay below 50."""
SMALL_PART = 1_000_000
MOST_PARTS = 1_000
_ENCODINGS = ("utf-8-sig", "cp949")
"""With or without a byte order mark; then what Korean offices' programs export."""


class TableRefused(ValueError):
    """A file is no table: says why, and which column is at fault if one is."""

    def __init__(self, reason: str, column: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.column = column


class TableRow(NamedTuple):
    """A row that isn't empty: its number, and the texts of its cells that aren't."""

    number: int
    cells: dict[str, str]


class Table(NamedTuple):
    """The columns that have a name, the rows, and by their numbers why others are none."""

    columns: tuple[str, ...]
    rows: list[TableRow]
    broken: dict[int, str]


def read_table(body: bytes, format_: Literal["csv", "xlsx"], most_rows: int | None = None) -> Table:
    """Read a CSV file or the first sheet of an .xlsx file, of at most so many rows (raises TableRefused)."""
    lines = _csv_lines(body) if format_ == "csv" else _xlsx_lines(body)
    named = _column_names(next(lines, []))
    rows: list[TableRow] = []
    broken: dict[int, str] = {}
    last = 0
    for number, line in enumerate(lines, 1):
        if number - last > MOST_EMPTY_ROWS:
            raise TableRefused(f"more than {MOST_EMPTY_ROWS} empty rows before row {number}: delete them")
        cells = {name: line[place] for place, name in named.items() if place < len(line) and line[place]}
        stray = next((place for place, cell in enumerate(line) if cell and place not in named), None)
        if stray is not None:
            broken[number] = f"there is a value in column {stray + 1}, which has no name"
        elif cells:
            rows.append(TableRow(number, cells))
        else:
            continue
        last = number
        if most_rows is not None and len(rows) + len(broken) > most_rows:
            raise TableRefused(f"send 1 to {most_rows} rows below the one that names the columns; there are more")
    return Table(tuple(named.values()), rows, broken)


def decoded(body: bytes) -> str:
    """Read text that is UTF-8, with or without a byte order mark, or CP949 (raises TableRefused)."""
    for encoding in _ENCODINGS[:1] if body.startswith(codecs.BOM_UTF8) else _ENCODINGS:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableRefused("the text is neither UTF-8 nor CP949 (EUC-KR): save it as CSV UTF-8")


def written(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> bytes:
    """Write rows as CSV in UTF-8, as `read_table` reads it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _column_names(line: Sequence[str]) -> dict[int, str]:
    if len(line) > MOST_COLUMNS:
        raise TableRefused(f"there are {len(line)} columns; a table has at most {MOST_COLUMNS}")
    named = {place: name for place, name in enumerate(line) if name}
    if not named:
        raise TableRefused("the first row names the columns, and it is empty")
    for name, count in Counter(named.values()).items():
        if count > 1:
            raise TableRefused(f"the column {name} is there twice", name)
    return named


def _csv_lines(body: bytes) -> Iterator[list[str]]:
    text = decoded(body)
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [cell.strip() for cell in line]
    except csv.Error as error:
        raise TableRefused(f"this is no CSV: {error}") from error


def _xlsx_lines(body: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    try:
        _refuse_bomb(body)
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size may be wrong
        for line in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True):
            yield [_text(cell) for cell in line]
    except TableRefused:
        raise
    except Exception as error:  # the library raises whatever a broken part leads it to
        raise TableRefused(f"this is no .xlsx file that can be read: {type(error).__name__}") from error


def _refuse_bomb(body: bytes) -> None:
    """Refuse an archive whose parts say that they are too large, or that unpack to many times what was sent of them.

    What a part says is checked again as it is unpacked: zipfile stops at the size that was said.
    """
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED:
        raise TableRefused(f"the file has {unpacked} bytes unpacked, over {LARGEST_UNPACKED}: split it")
    for part in parts:
        if part.file_size > SMALL_PART and part.file_size > MOST_UNPACKED_TIMES * max(1, part.compress_size):
            raise TableRefused(f"{part.filename} unpacks to {part.file_size} bytes of next to nothing: save it anew")


def _text(cell: Any) -> str:
    """Write a cell as a person would: whole numbers without a point, days as YYYY-MM-DD."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat()
        case date():
            return cell.isoformat()
        case _:
            return str(cell).strip()
