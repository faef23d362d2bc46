"""The files of an import, read into rows that each have a name of their own."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, cast

import orjson

from chassis.http.bulk_columns import LIST_SEPARATOR, integer_of
from chassis.tables.days import day_of
from chassis.tables.delimited import decoded
from chassis.tables.faults import Fault, TableRefused
from chassis.tables.row_names import PlaceholderRefused, by_content, ref_of
from chassis.tables.tables import Format, Left, Meant, Origin, TornRow, read_table
from chassis.tables.workbooks import TEMPLATE_SHEETS
from chassis.texts import TextRefused, masked, taken
from jobplus.importing.columns import columns_of, names_of
from jobplus.importing.folder import FORMATS, Asked, FilesRefused, LeftOut, found_in
from jobplus.importing.kinds import DAYS, REF, REF_ENDING, REFUSED_BECAUSE, Kind
from jobplus.importing.words import Sentence, of_fault, place_of, say

_ASKED_BY = {
    "ambiguous_encoding": "which_encoding",
    "ambiguous_separator": "which_separator",
    "many_sheets": "which_sheet",
    "all_hidden": "which_sheet",
    "no_sheet": "which_sheet",
}
"""The option by which to say what can't be told."""
LONGEST_SHOWN = 100
"""Characters of a value that is told again."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file: its number, its name within its kind, its cells, and a hash of what they say.

    The name is its `ref`, or else made from what it says and how often the file said that before: the same in every
    file that has the row. `typed` are the texts of cells that are written in another form here.
    """

    number: int
    name: str
    has_ref: bool
    cells: dict[str, Any]
    says: str
    typed: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken: the file, its number, the column at fault if one is, and why. `type` is the problem
    type of the service that refused it, None where it was never sent; `sheet` is where it stands in a file of sheets,
    and `value` what stands in the column."""

    file: str
    row: int
    field: str | None
    reason: str
    type: str | None = None
    sheet: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file with its rows, the oldest first, and with those that can't be read or hold what is never kept: why, and by
    their numbers what can be told of them. `same` is how many more it has that say the same as rows of a file before
    it."""

    path: Path
    kind: Kind
    format: Format
    rows: list[Row]
    broken: list[RefusedRow]
    origin: Origin = field(default_factory=Origin)
    same: int = 0
    columns: tuple[str, ...] = ()
    torn: Mapping[int, TornRow] = field(default_factory=dict[int, TornRow])

    @property
    def key(self) -> tuple[str, str | None]:
        """Tell it from every other: the file's name and the sheet in it."""
        return self.path.name, self.origin.sheet

    @property
    def total(self) -> int:
        """How many rows there are."""
        return len(self.rows) + self.same + len({told.row for told in self.broken})


class Found(NamedTuple):
    """The files that were read, in the order of their kinds, and whatever else was there and wasn't."""

    files: list[SourceFile]
    left: list[LeftOut]


def read_files(at: Path, asked: Asked) -> Found:
    """Read a folder's files, or one file (raises FilesRefused)."""
    tables, left = found_in(at, asked)
    seen: dict[tuple[str, str], str] = {}
    files: list[SourceFile] = []
    reasons: list[Sentence] = []
    for path, of in tables:
        try:
            files += [_read(path, of, seen, asked.meant(path, sheet)) for sheet in asked.sheets_of(path)]
        except TableRefused as refused:
            reasons.append(say("of_file", file=path.name, why=_why(path, refused.fault)))
    reasons += [why for file in files for why in _unknown_columns(file)]
    sheets = [f"{file.path.name}:{sheet.name}" for file in files for sheet in file.origin.left]
    if not reasons:
        reasons = list(asked.strangers([*(path.name for path, _ in tables), *(each.file for each in left)], sheets))
    if reasons:
        raise FilesRefused(*reasons)
    read = {file.key for file in files}
    further = {(file.path.name, sheet.name): sheet for file in files for sheet in file.origin.left}
    left += [_left(name, sheet, asked) for (name, _), sheet in further.items() if (name, sheet.name) not in read]
    return Found(files, left)


def _unknown_columns(file: SourceFile) -> Iterator[Sentence]:
    """Say which columns of a table its kind doesn't have: what stands in them would be lost."""
    strange = [name for name in file.columns if name not in names_of(file.kind.name)]
    if strange and file.format != "ndjson":
        known = ", ".join(column.name for column in columns_of(file.kind.name))
        columns = ", ".join(shown(each) or "" for each in strange)
        yield say("of_file", file=place_of(*file.key), why=say("no_columns", columns=columns, known=known))


def _why(path: Path, fault: Fault) -> Sentence:
    asked_by = _ASKED_BY.get(fault.what)
    return say(asked_by, file=path.name, why=of_fault(fault)) if asked_by else of_fault(fault)


def _left(file: str, sheet: Left, asked: Asked) -> LeftOut:
    if asked.ignores(file, sheet.name):
        return LeftOut(file, sheet.name, say("left_ignored"), meant=True)
    if sheet.name in TEMPLATE_SHEETS:
        return LeftOut(file, sheet.name, say("left_template"), meant=True)
    why = "left_empty" if sheet.empty else "left_hidden" if sheet.hidden else "left_further"
    return LeftOut(file, sheet.name, say(why, file=file, sheet=sheet.name), meant=sheet.empty)


def _read(path: Path, kind: Kind, seen: dict[tuple[str, str], str], meant: Meant) -> SourceFile:
    format_ = FORMATS[path.suffix.lower()]
    body = path.read_bytes()
    table = None if format_ == "ndjson" else read_table(body, format_, meant=meant)
    if table is None:
        text, encoding = decoded(body, meant.encoding)
        origin = Origin(encoding)
        numbered, unread, torn = _objects(text)
    else:
        origin = table.origin
        numbered = [(row.number, cast(dict[str, Any], row.cells)) for row in table.rows]
        unread = {number: of_fault(fault) for number, fault in table.broken.items()}
        torn = dict(table.torn)
    numbered = [(number, cells) for number, cells in numbered if cells.keys() != {REFUSED_BECAUSE}]
    for cells in (*(cells for _, cells in numbered), *(row.cells for row in torn.values())):
        cells.pop(REFUSED_BECAUSE, None)
    columns = dict.fromkeys(table.columns if table else (name for _, cells in numbered for name in cells))
    columns.pop(REFUSED_BECAUSE, None)
    refused = [(number, fault) for number, cells in numbered if (fault := _text_refused(cells))]
    wrong = {number for number, _ in refused}
    torn |= {number: TornRow(cells, []) for number, cells in numbered if number in wrong}
    torn = {number: _without_numbers(row) for number, row in torn.items()}
    integers = frozenset(column.name for column in columns_of(kind.name) if column.kind == "integer")
    said: Counter[str] = Counter()
    every = [
        _row(number, cells, said, _in_one_form(cells, integers if table else None))
        for number, cells in numbered
        if number not in wrong
    ]
    rows = [row for row in every if seen.get((kind.name, row.name)) != row.says]
    seen |= {(kind.name, row.name): row.says for row in every}
    rows.sort(key=lambda row: str(row.cells.get("occurred_on", "9999")))  # what has no day happened today
    broken = [RefusedRow(path.name, number, None, why) for number, why in unread.items()]
    broken += [RefusedRow(path.name, number, column, why) for number, (column, why) in refused]
    return SourceFile(path, kind, format_, rows, broken, origin, len(every) - len(rows), tuple(columns), torn)


def _in_one_form(cells: dict[str, Any], integers: frozenset[str] | None) -> dict[str, Any]:
    """Write refs in the form in which the services keep them, so that one is the same however it is typed; of a table,
    whose columns of whole numbers are given, also days as YYYY-MM-DD and these numbers without commas. What is none
    stays as it is, and the service refuses it. Gives what was typed instead."""
    typed: dict[str, Any] = {}
    for column, cell in cells.items():
        form = cell
        if _is_ref(column) and isinstance(cell, str):
            form = ref_of(cell)
        elif integers is not None and column in DAYS and not isinstance(day := day_of(cell), Fault):
            form = day
        elif integers is not None and column in integers:
            form = integer_of(cell)
        if form != cell:
            typed[column], cells[column] = cell, form
    return typed


def _is_ref(column: str) -> bool:
    return column == REF or column.endswith(REF_ENDING)


def shown(value: Any) -> str | None:
    """Give a value as it may be told again: nothing that must not be kept, and nothing that can't be seen."""
    if value is None:
        return None
    return "".join(sign if sign.isprintable() else f"U+{ord(sign):04X}" for sign in text_of(value)[:LONGEST_SHOWN])


def text_of(value: Any) -> str:
    """Give a value as the text of a table's cell, without what must not be kept."""
    match value:
        case bool():
            return str(value).lower()
        case list():
            return LIST_SEPARATOR.join(map(text_of, cast(list[Any], value)))
        case dict():
            return masked(orjson.dumps(value).decode())
        case _:
            return masked(str(value))


def _without_numbers(row: TornRow) -> TornRow:
    return TornRow(
        {column: text_of(cell) for column, cell in cast(dict[str, Any], row.cells).items() if cell is not None},
        [masked(cell) for cell in row.stray],
    )


def _text_refused(cells: dict[str, Any]) -> tuple[str, str] | None:
    """Give the column of the first text that no service takes, and why: such a row never leaves this machine."""
    for column, cell in cells.items():
        for text in cast(list[Any], cell) if isinstance(cell, list) else [cell]:
            try:
                if _is_ref(column) and text is not None:
                    ref_of(str(text))
                else:
                    taken(text if isinstance(text, str) else "")
            except PlaceholderRefused:
                return column, say("placeholder")
            except TextRefused as refused:
                return column, str(refused)
    return None


def _objects(text: str) -> tuple[list[tuple[int, dict[str, Any]]], dict[int, Sentence], dict[int, TornRow]]:
    """Give the objects with their numbers, and by their numbers why other lines are none, and what these hold."""
    found: list[tuple[int, dict[str, Any]]] = []
    broken: dict[int, Sentence] = {}
    torn: dict[int, TornRow] = {}
    for number, line in enumerate((line for line in text.split("\n") if line.strip()), 1):
        try:
            given = orjson.loads(line)
        except orjson.JSONDecodeError:
            given = None
        if isinstance(given, dict):
            found.append((number, cast(dict[str, Any], given)))
        else:
            broken[number] = say("no_json")
            torn[number] = TornRow({}, [line])
    return found, broken, torn


def _row(number: int, cells: dict[str, Any], said: Counter[str], typed: Mapping[str, Any]) -> Row:
    says = hashlib.sha256(orjson.dumps(cells, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]
    cells = {column: cell for column, cell in cells.items() if cell is not None}
    ref = cells.pop(REF, None)
    if ref is not None:
        return Row(number, str(ref), True, cells, says, typed)
    said[says] += 1
    return Row(number, by_content(says, said[says]), False, cells, says, typed)
