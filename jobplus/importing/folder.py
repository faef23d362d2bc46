"""What lies in a folder that is imported: the tables with their kinds, and why whatever else isn't read."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from chassis.tables.delimited import ENCODINGS, SEPARATORS
from chassis.tables.tables import Format, Meant
from jobplus.importing.kinds import KIND_OF, KINDS, Kind
from jobplus.importing.taken import FOLDER
from jobplus.importing.words import Sentence, say

FORMATS: dict[str, Format] = {".csv": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".ndjson": "ndjson"}
ENDINGS = ", ".join(FORMATS)
KNOWN = ", ".join(KIND_OF)
_OTHER_ENDINGS = {
    ".xls": "left_xls",
    ".xlsb": "left_sheet",
    ".xlsm": "left_sheet",
    ".ods": "left_sheet",
    ".cell": "left_sheet",
    ".numbers": "left_sheet",
    ".jsonl": "left_jsonl",
    ".json": "left_jsonl",
    ".txt": "left_text",
}
_SYSTEMS = frozenset({"thumbs.db", "desktop.ini"})


class FilesRefused(Exception):
    """The files are not what can be imported; a line for each reason."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


class LeftOut(NamedTuple):
    """A file or a sheet of one that wasn't read: why, and whether that was meant so, or nothing is lost by it."""

    file: str
    sheet: str | None
    reason: str
    meant: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options say of files: each as `FILE:VALUE`, or without a file of all; of what is ignored as `FILE` or
    `FILE:SHEET`."""

    kind: str | None = None
    ignored: Sequence[str] = ()
    sheets: Sequence[str] = ()
    separators: Sequence[str] = ()
    encodings: Sequence[str] = ()

    def ignores(self, file: str, sheet: str | None = None) -> bool:
        """Tell whether a file or a sheet of it is to be left out."""
        named = file if sheet is None else f"{file}:{sheet}"
        return _same(named) in map(_same, self.ignored)

    def sheets_of(self, path: Path) -> Sequence[str | None]:
        """Tell which sheets of a file are meant, in the order in which they are named; None for the one that it has."""
        named = [sheet for each in self.sheets for file, _, sheet in [_parted(each)] if _same(file) == _same(path.name)]
        return list(dict.fromkeys(named)) or [None]

    def meant(self, path: Path, sheet: str | None) -> Meant:
        """Tell how a file, or a sheet of it, is meant to be read."""
        name = path.name
        separator = _of(self.separators, name) or ("tab" if path.suffix.lower() == ".tsv" else None)
        separator = SEPARATORS[separator] if separator else None
        return Meant(_of(self.encodings, name), separator, sheet, surely=True)

    def faults(self) -> Iterator[Sentence]:
        """Say which options have a value that they can't have."""
        for option, given, known in (
            ("--separator", self.separators, tuple(SEPARATORS)),
            ("--encoding", self.encodings, ENCODINGS),
        ):
            if any(_parted(each)[2] not in known for each in given):
                yield say("no_value", option=option, known=", ".join(known))
        if not all(all(each.partition(":")) for each in self.sheets):
            yield say("no_value", option="--sheet", known="FILE:NAME")

    def strangers(self, names: Sequence[str], sheets: Sequence[str]) -> Iterator[Sentence]:
        """Say which options name files or sheets that aren't there."""
        there = {*map(_same, names), *map(_same, sheets)}
        for name in self.ignored:
            if _same(name) not in there:
                yield say("no_option", option="--ignore", name=name)
        for option, given in (
            ("--sheet", self.sheets), ("--separator", self.separators), ("--encoding", self.encodings)
        ):  # fmt: skip
            for name in (_parted(each)[0] for each in given):
                if name and _same(name) not in there:
                    yield say("no_option", option=option, name=name)


def found_in(at: Path, asked: Asked) -> tuple[list[tuple[Path, Kind]], list[LeftOut]]:
    """Give a folder's tables in the order of their kinds, or one file's, and what else lies there (raises
    FilesRefused)."""
    if asked.kind is not None and asked.kind not in KIND_OF:
        raise FilesRefused(say("no_kind", kind=asked.kind, known=KNOWN))
    if faults := list(asked.faults()):
        raise FilesRefused(*faults)
    if not at.exists():
        raise FilesRefused(say("no_place", at=at))
    paths = [at] if at.is_file() else sorted(path for path in at.iterdir() if path.name != FOLDER)
    reasons: list[Sentence] = []
    named: list[tuple[Path, Kind]] = []
    left: list[LeftOut] = []
    for path in paths:
        of = KIND_OF.get(asked.kind if asked.kind and at.is_file() else path.stem.partition("-")[0])
        if out := _left_out(path, asked):
            left.append(out)
        elif of is None:
            reasons.append(say("of_file", file=path.name, why=say("not_named", known=KNOWN)))
        elif asked.kind is not None and of.name != asked.kind:
            left.append(LeftOut(path.name, None, say("left_kind"), meant=True))
        else:
            named.append((path, of))
    if not named and not reasons:
        reasons = [say("of_file", file=each.file, why=each.reason) for each in left]
        reasons.append(say("no_file", at=at, endings=ENDINGS, known=KNOWN))
    if reasons:
        raise FilesRefused(*reasons)
    return sorted(named, key=lambda each: (KINDS.index(each[1]), each[0].name)), left


def _left_out(path: Path, asked: Asked) -> LeftOut | None:
    name, ending = path.name, path.suffix.lower()
    if asked.ignores(name):
        return LeftOut(name, None, say("left_ignored"), meant=True)
    if name.startswith("~$"):
        return LeftOut(name, None, say("left_lock"), meant=False)
    if name.startswith(".") or name.lower() in _SYSTEMS:
        return LeftOut(name, None, say("left_system"), meant=True)
    if path.is_dir():
        return LeftOut(name, None, say("left_folder"), meant=False)
    if ending in FORMATS:
        return None
    return LeftOut(name, None, say(_OTHER_ENDINGS.get(ending, "left_other"), endings=ENDINGS), meant=False)


def _of(given: Sequence[str], file: str) -> str | None:
    """Give the last value that is meant for a file, or for all; a sheet's name may hold a colon, a file's doesn't."""
    values = {_same(name): value for each in given for name, _, value in [_parted(each)]}
    return values.get(_same(file)) or values.get("")


def _parted(given: str) -> tuple[str, str, str]:
    return given.partition(":") if ":" in given else ("", "", given)


def _same(name: str) -> str:
    """Give a name as it is compared: systems write the same letters in different ways."""
    return unicodedata.normalize("NFC", name)
