"""The files of an import, read into rows that each have a name of their own."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import orjson

from chassis.table_faults import TableRefused
from chassis.tables import Format, read_table
from chassis.texts import TextRefused, taken
from jobplus.importing.kinds import KIND_OF, KINDS, REF, Kind

FORMATS: dict[str, Format] = {".csv": "csv", ".xlsx": "xlsx", ".ndjson": "ndjson"}


class FilesRefused(Exception):
    """The files are not what can be imported; a line for each reason."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file: its number, its name within its kind, its cells, and a hash of what they say.

    The name is its `ref`, or else made from what it says and how often that was said before.
    """

    number: int
    name: str
    has_ref: bool
    cells: dict[str, Any]
    says: str


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken: the file, its number, the field at fault if one is, and why. `type` is the problem
    type of the service that refused it, None where it was never sent."""

    file: str
    row: int
    field: str | None
    reason: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file with its rows, the oldest first, and with those that can't be read or hold what is never kept."""

    path: Path
    kind: Kind
    format: Format
    rows: list[Row]
    broken: list[RefusedRow]

    @property
    def total(self) -> int:
        """How many rows there are."""
        return len(self.rows) + len(self.broken)


def read_files(at: Path, kind: str | None) -> list[SourceFile]:
    """Read a folder's files in the order of their kinds, or one file (raises FilesRefused)."""
    found = _named(at, kind)
    seen: Counter[tuple[str, str]] = Counter()
    files: list[SourceFile] = []
    reasons: list[str] = []
    for path, of in found:
        try:
            files.append(_read(path, of, seen))
        except TableRefused as refused:
            reasons.append(f"{path.name}: {refused.reason}")
    if reasons:
        raise FilesRefused(*reasons)
    return files


def _named(at: Path, kind: str | None) -> list[tuple[Path, Kind]]:
    known = ", ".join(KIND_OF)
    if kind is not None and kind not in KIND_OF:
        raise FilesRefused(f"there is no kind {kind!r}; there are: {known}")
    if at.is_file():
        paths = [at]
    elif at.is_dir():
        paths = sorted(path for path in at.iterdir() if path.suffix.lower() in FORMATS and path.is_file())
    else:
        raise FilesRefused(f"there is no file or folder {at}")
    reasons: list[str] = []
    named: list[tuple[Path, Kind]] = []
    for path in paths:
        of = KIND_OF.get(kind if kind is not None and at.is_file() else path.stem.partition("-")[0])
        if path.suffix.lower() not in FORMATS:
            reasons.append(f"{path.name}: a file is {', '.join(FORMATS)}")
        elif of is None:
            reasons.append(f"{path.name}: a file is named by its kind, or give --kind; there are: {known}")
        elif kind is None or of.name == kind:
            named.append((path, of))
    if not named and not reasons:
        reasons.append(f"{at} holds no file that can be imported: {', '.join(FORMATS)}, named by a kind: {known}")
    if reasons:
        raise FilesRefused(*reasons)
    return sorted(named, key=lambda each: (KINDS.index(each[1]), each[0].name))


def _read(path: Path, kind: Kind, seen: Counter[tuple[str, str]]) -> SourceFile:
    format_ = FORMATS[path.suffix.lower()]
    body = path.read_bytes()
    if format_ == "ndjson":
        numbered, unread = _objects(body)
    else:
        table = read_table(body, format_)
        numbered, unread = [(row.number, cast(dict[str, Any], dict(row.cells))) for row in table.rows], table.broken
    refused = [(number, fault) for number, cells in numbered if (fault := _text_refused(cells))]
    wrong = {number for number, _ in refused}
    rows = [_row(number, cells, kind, seen) for number, cells in numbered if number not in wrong]
    rows.sort(key=lambda row: str(row.cells.get("occurred_on", "9999")))  # what has no day happened today
    broken = [RefusedRow(path.name, number, None, str(why)) for number, why in unread.items()]
    broken += [RefusedRow(path.name, number, column, reason) for number, (column, reason) in refused]
    return SourceFile(path, kind, format_, rows, broken)


def _text_refused(cells: dict[str, Any]) -> tuple[str, str] | None:
    """Give the column of the first text that no service takes, and why: such a row never leaves this machine."""
    for column, cell in cells.items():
        for text in cast(list[Any], cell) if isinstance(cell, list) else [cell]:
            try:
                taken(text if isinstance(text, str) else "")
            except TextRefused as refused:
                return column, str(refused)
    return None


def _objects(body: bytes) -> tuple[list[tuple[int, dict[str, Any]]], dict[int, str]]:
    """Give the objects with their numbers, and by their numbers why other lines are none."""
    found: list[tuple[int, dict[str, Any]]] = []
    broken: dict[int, str] = {}
    for number, line in enumerate((line for line in body.split(b"\n") if line.strip()), 1):
        try:
            given = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            broken[number] = f"this is no JSON: {error}"
            continue
        if isinstance(given, dict):
            found.append((number, cast(dict[str, Any], given)))
        else:
            broken[number] = "this is no JSON object"
    return found, broken


def _row(number: int, cells: dict[str, Any], kind: Kind, seen: Counter[tuple[str, str]]) -> Row:
    says = hashlib.sha256(orjson.dumps(cells, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]
    cells = {column: cell for column, cell in cells.items() if cell is not None}
    ref = cells.pop(REF, None)
    if ref is not None:
        return Row(number, str(ref), True, cells, says)
    seen[kind.name, says] += 1
    return Row(number, f"#{says}.{seen[kind.name, says]}", False, cells, says)
