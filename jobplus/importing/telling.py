"""What an import came to, and how it is told: every file, sheet and row that was seen, in English or Korean."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from chassis.tables.days import day_of
from chassis.tables.faults import Fault
from jobplus.importing.files import RefusedRow, SourceFile, shown
from jobplus.importing.folder import LeftOut
from jobplus.importing.kinds import DAYS, OF_ERASED, REF_ENDING
from jobplus.importing.refusal_words import of_refusal
from jobplus.importing.sending import INVALID
from jobplus.importing.wanted import wanted
from jobplus.importing.words import MISSING, Language, Sentence, is_librarys, of_fault, place_of, said, say
from jobplus.importing.written_back import WrittenBack


@dataclass(frozen=True, slots=True)
class FileCame:
    """What a file came to: its rows, those taken before, those taken now (or that would be), those that can only be
    decided when other rows are there, those refused, and those that are the same as a row of a file before it; then as
    what it was read."""

    file: str
    kind: str
    rows: int
    before: int
    taken: int
    later: int
    refused: int
    same: int
    sheet: str | None = None
    encoding: str | None = None
    separator: str | None = None

    @classmethod
    def of(cls, file: SourceFile, before: int, taken: int, later: int, refused: int) -> "FileCame":
        """Tell what a file came to, and as what it was read."""
        origin = file.origin
        read_as = (origin.sheet, origin.encoding, origin.separator)
        return cls(file.path.name, file.kind.name, file.total, before, taken, later, refused, file.same, *read_as)


@dataclass(slots=True)
class Came:
    """What an import came to. `nameless` are persons that it took whose rows have no `ref`; `untried` are rows of a dry
    run that were not told of; `back` is where refused rows were written back, `not_back` why that failed."""

    dry_run: bool
    files: list[FileCame] = field(default_factory=list[FileCame])
    refused: list[RefusedRow] = field(default_factory=list[RefusedRow])
    left: list[LeftOut] = field(default_factory=list[LeftOut])
    nameless: int = 0
    untried: int = 0
    back: WrittenBack | None = None
    not_back: str | None = None


def explained(file: SourceFile, refused: Iterable[RefusedRow]) -> Iterator[RefusedRow]:
    """Give refusals of a file's rows with the sheet, the column as it is named there, what stands in it, and where the
    service has no words of its own for it, what it holds."""
    cells_of = {row.number: row.cells for row in file.rows}
    for told in refused:
        cells = cells_of.get(told.row, {})
        column = _column(told.field, cells)
        value = cells.get(column or "")
        reason = told.reason
        if told.type == INVALID and column:
            reason = _reason(file.kind.name, column, value, told.reason)
        elif not isinstance(reason, Sentence):
            reason = of_refusal(told.type, reason)
        yield replace(told, field=column, reason=reason, sheet=file.origin.sheet, value=shown(value))


def _column(field_: str | None, cells: dict[str, Any]) -> str | None:
    column = field_.partition(".")[0] if field_ else None
    named = column.removesuffix("_id") + REF_ENDING if column else None
    return named if column not in cells and named in cells else column


def _reason(kind: str, column: str, value: Any, reason: str) -> str:
    day = day_of(value) if column in DAYS and isinstance(value, str) else None
    if isinstance(day, Fault):
        return of_fault(day)
    holds = wanted(kind, column) if is_librarys(reason) else None
    if holds is None:
        return reason
    return say("missing" if reason == MISSING else "wanted", wanted=holds)


def tell(came: Came, language: Language, *, as_json: bool) -> int:
    """Print what an import came to, and what a dry run could not tell; gives the exit code: 0 all taken or meant to be
    left out, 1 rows refused, or something left out."""
    if as_json:
        refused = [replace(row, reason=said(row.reason, language)) for row in came.refused]
        left = [{**each._asdict(), "reason": said(each.reason, language)} for each in came.left]
        told = {
            "dry_run": came.dry_run,
            "files": came.files,
            "refused": refused,
            "left": left,
            "nameless": came.nameless,
            "untried": came.untried,
            "back": [str(came.back.folder / file) for file in came.back.files] if came.back else [],
        }
        print(orjson.dumps(told).decode())
    else:
        Console().print(_table(came, language))
    for row in came.refused:
        print(_line(row, language), file=sys.stderr)
    for each in came.left:
        print(said(say("of_file", file=place_of(each.file, each.sheet), why=each.reason), language), file=sys.stderr)
    if erased := list(_erased(came)):
        print(said(say("erased", places="; ".join(erased)), language), file=sys.stderr)
    if came.nameless:
        print(said(say("nameless", rows=came.nameless), language), file=sys.stderr)
    if same := sum(file.same for file in came.files):
        print(said(say("same", rows=same), language), file=sys.stderr)
    if came.untried:
        print(said(say("untried", rows=came.untried), language), file=sys.stderr)
    if later := sum(file.later for file in came.files) - came.untried:
        print(said(say("later", rows=later), language), file=sys.stderr)
    if came.back:
        print(said(say("back", rows=came.back.rows, at=came.back.folder), language), file=sys.stderr)
    if came.not_back:
        print(said(say("not_back", why=came.not_back), language), file=sys.stderr)
    return 1 if came.refused or not all(each.meant for each in came.left) else 0


def _table(came: Came, language: Language) -> Table:
    taken = "would be taken" if came.dry_run else "taken"
    later = ["decided later"] if came.dry_run else []
    same = ["as in another file"] if any(file.same for file in came.files) else []
    headings = ("file", "read as", "kind", "rows", "taken before", taken, *later, "refused", *same)
    table = Table()
    for heading in headings:
        table.add_column(said(say(heading), language), overflow="fold")
    for file in came.files:
        read_as = ", ".join(each for each in (file.sheet, file.encoding, file.separator) if each)
        counts = [file.rows, file.before, file.taken, *([file.later] if came.dry_run else []), file.refused]
        counts += [file.same] if same else []
        table.add_row(file.file, read_as, file.kind, *map(str, counts))
    return table


def _erased(came: Came) -> Iterator[str]:
    """Tell of each file in which rows their person was erased."""
    for file in came.files:
        rows = dict.fromkeys(
            row.row
            for row in came.refused
            if (row.file, row.sheet) == (file.file, file.sheet) and row.type in OF_ERASED
        )
        if rows:
            yield f"{file.file} ({file.kind}) {', '.join(map(str, rows))}"


def _line(row: RefusedRow, language: Language) -> str:
    place = say("of_row", file=place_of(row.file, row.sheet), row=row.row)
    why = row.reason if row.value is None else say("with_value", value=row.value, why=row.reason)
    named = (
        say("of_column", place=place, column=row.field, why=why) if row.field else say("of_file", file=place, why=why)
    )
    return said(named, language)
