"""What has been taken already, under which ids, and by whom: files beside the import's, of which the rows' is only ever
added to.

Each row is a line, written when its batch was answered, so that a break loses nothing that matters: what was taken but
not written is sent again under the same names, and answered the same.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from jobplus.stack.errors import OptionRefused
from jobplus.stack.keys import Role

FOLDER = ".jobplus-import"


class Taken(NamedTuple):
    """A row that was taken: a hash of what it said, and the ids that it was given."""

    says: str
    ids: dict[str, str]


class TakenRows:
    """The rows of one import that were taken, by kind and name; and the ids by what later rows refer by."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FOLDER / "taken.ndjson"
        self._callers = folder / FOLDER / "callers.json"
        self._rows: dict[tuple[str, str], Taken] = {}
        self._ids: dict[tuple[str, str], str] = {}
        self._whole = 0
        if self._path.exists():
            whole = self._path.read_bytes()
            whole = whole[: whole.rfind(b"\n") + 1]  # a line that a break cut off was never relied on
            self._whole = len(whole)
            for line in whole.splitlines():
                kept = orjson.loads(line)
                self._add(kept["kind"], kept["name"], Taken(kept["says"], kept["ids"]))

    def get(self, kind: str, name: str) -> Taken | None:
        return self._rows.get((kind, name))

    def id(self, field: str, ref: str) -> str | None:
        """Give the id that the row named `ref` was given in a field like seeker_id."""
        return self._ids.get((field, ref))

    def add(self, kind: str, taken: Iterable[tuple[str, Taken]]) -> None:
        """Keep rows that were answered."""
        lines: list[bytes] = []
        for name, row in taken:
            self._add(kind, name, row)
            lines.append(orjson.dumps({"kind": kind, "name": name, "says": row.says, "ids": row.ids}) + b"\n")
        if lines:
            self._append(b"".join(lines))

    def taken_by(self, callers: Mapping[Role, str]) -> None:
        """Keep the subjects as which rows are sent, by role; refuse others than before (raises OptionRefused).

        The services know a row that is sent again by who sends it, so with another it could be taken twice.
        """
        kept: dict[str, str] = orjson.loads(self._callers.read_bytes()) if self._callers.exists() else {}
        for role, subject in callers.items():
            if kept.setdefault(role, subject) != subject:
                raise OptionRefused(
                    f"the token of the role {role} has another subject (sub) than the one that this import began with: "
                    f"rows under way when it broke off could be taken twice. If it did not break off, remove "
                    f"{self._callers}"
                )
        self._callers.parent.mkdir(exist_ok=True)
        written = self._callers.with_suffix(".new")
        written.write_bytes(orjson.dumps(kept))
        written.replace(self._callers)

    def _append(self, lines: bytes) -> None:
        self._path.parent.mkdir(exist_ok=True)
        with self._path.open("r+b" if self._path.exists() else "xb") as file:
            file.seek(self._whole)
            file.truncate()
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
        self._whole += len(lines)

    def _add(self, kind: str, name: str, row: Taken) -> None:
        self._rows[kind, name] = row
        for field, given in row.ids.items():
            self._ids[field, name] = given


def ids_of(answer: dict[str, Any], gives: Sequence[str]) -> dict[str, str]:
    """Pick the ids by which later rows may refer to a row out of what it was answered."""
    return {field: answer[field] for field in gives if answer.get(field)}
