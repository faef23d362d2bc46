"""From the numbers of an earlier system to our ids, and what in the files leads nowhere."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import uuid_utils.compat as uuids

from jobplus.importing.clashes import DAY, Named, clashes
from jobplus.importing.collisions import same_by
from jobplus.importing.files import RefusedRow, Row, SourceFile
from jobplus.importing.kinds import ROW_ERASED, refers_to
from jobplus.importing.taken import TakenRows
from jobplus.importing.words import Sentence, place_of, say

CLIENT = "client_id"
_NO = frozenset({"false", "f", "no", "n", "off", "0"})


class References:
    """Every name in the files and in what was taken before.

    `placeholders`: a row that isn't taken yet is stood for by an id that nobody has, for a check without a change.
    """

    def __init__(self, name: str, files: Sequence[SourceFile], taken: TakenRows, *, placeholders: bool) -> None:
        self._name = name
        self._taken = taken
        self._placeholders = placeholders
        self._stand_ins: dict[tuple[str, str], str] = {}
        self._places: dict[tuple[str, str], Sentence] = {}
        self._named: dict[tuple[str, str], Named] = {}
        self._same: dict[tuple[str, ...], Sentence] = {}
        self._unregistered: set[str] = set()
        self._erased: set[tuple[str, str]] = set()
        self._refused: defaultdict[tuple[tuple[str, str | None], int], dict[RefusedRow, None]] = defaultdict(dict)
        for file in files:
            for row in file.rows:
                self._enter(file, row)
        self._entered = {at: dict(told) for at, told in self._refused.items()}

    def _enter(self, file: SourceFile, row: Row) -> None:
        place = self._place(file, row)
        before = self._taken.get(file.kind.name, row.name)
        if before is not None and before.says != row.says:
            self._refuse(file, row, "ref", say("changed"))
        if _is_unregistered(file, row):
            self._unregistered.add(str(row.cells.get("client_ref")))
        if self._placeholders and (same := same_by(file.kind.name, row.cells)):
            first = self._same.setdefault(same.by, place)
            if before is None and first is not place:
                self._refuse(file, row, same.field, say(same.what, place=first))
        if not row.has_ref:
            return
        for field in file.kind.gives:
            if field == "placement_id" and file.kind.name == "internships" and not row.cells.get("converted_on"):
                continue
            first = self._places.setdefault((field, row.name), place)
            if first == place:
                since = "converted_on" if field == "placement_id" and "converted_on" in row.cells else DAY
                self._named[field, row.name] = Named(row.name, row.cells, since)
            else:
                self._refuse(file, row, "ref", say("ref_twice", ref=row.name, place=first))

    @staticmethod
    def _place(file: SourceFile, row: Row) -> Sentence:
        return say("of_row", file=place_of(*file.key), row=row.number)

    def _refuse(self, file: SourceFile, row: Row, field: str, reason: Sentence, type_: str | None = None) -> None:
        self._refused[file.key, row.number][RefusedRow(file.path.name, row.number, field, reason, type_)] = None

    def erased(self, file: SourceFile, row: Row) -> None:
        """Have rows refused that name this one: its person was erased."""
        self._erased.update((field, row.name) for field in file.kind.gives)

    def refusals(self, file: SourceFile, row: Row) -> list[RefusedRow]:
        """Give everything that a row is refused for by what it names, as far as that was looked at."""
        return list(self._refused.get((file.key, row.number), ()))

    def resolved(self, file: SourceFile, row: Row) -> tuple[dict[str, Any], frozenset[str]]:
        """Give a row's cells with ids, and the fields that hold stand-ins: also one for whatever leads nowhere, which
        the row is refused for."""
        cells: dict[str, Any] = {}
        stand_ins: set[str] = set()
        for column, cell in row.cells.items():
            refers = refers_to(column)
            if refers is None:
                cells[column] = cell
                continue
            field, among = refers
            if field in row.cells:
                self._refuse(file, row, column, say("both", column=column, field=field))
                continue
            ref = str(cell)
            found = self._taken.id(among, ref)
            if found is None and self._placeholders and (among, ref) in self._places:
                found = self._stand_ins.setdefault((among, ref), str(uuids.uuid7()))
                stand_ins.add(field)
            if found is None and field == CLIENT and (file.kind.name != "sessions" or _is_unregistered(file, row)):
                found = self._outsider(among, ref)
                if found and self._placeholders and ref in self._unregistered:
                    stand_ins.add(field)
            if found is None and (among, ref) in self._erased:
                self._refuse(file, row, column, say("names_erased", ref=ref), ROW_ERASED)
                self.erased(file, row)
            elif found is None:
                self._refuse(file, row, column, self._why(among, ref))
            if found is None:
                found = str(uuids.uuid7())
                stand_ins.add(field)
            cells[field] = found
        return cells, frozenset(stand_ins)

    def look_across(self, file: SourceFile, row: Row, stand_ins: frozenset[str], today: date) -> None:
        """Refuse a row that names others by stand-ins for what theirs say; whatever names none the service decides."""
        named: dict[str, Named] = {}
        for column, cell in row.cells.items():
            field, among = refers_to(column) or ("", "")
            other = self._named.get((among, str(cell)))
            if field in stand_ins and other and not (field == CLIENT and _is_unregistered(file, row)):
                named[column] = other
        if stand_ins:
            for clash in clashes(file.kind.name, row.cells, named, today):
                self._refuse(file, row, clash.field, clash.reason)

    def _outsider(self, among: str, ref: str) -> str | None:
        """A client of start-up counselling who is no seeker has any id, always the same."""
        return None if (among, ref) in self._places else str(uuid5(NAMESPACE_URL, f"{self._name}/clients/{ref}"))

    def _why(self, among: str, ref: str) -> Sentence:
        place = self._places.get((among, ref))
        if place:
            return say("not_taken", ref=ref, place=place)
        return say("nowhere", ref=ref)

    def forget(self) -> None:
        """Have rows looked at anew that were refused for what wasn't taken then."""
        self._refused.clear()
        self._refused.update({at: dict(told) for at, told in self._entered.items()})


def _is_unregistered(file: SourceFile, row: Row) -> bool:
    return file.kind.name == "sessions" and str(row.cells.get("registered", "")).lower() in _NO
