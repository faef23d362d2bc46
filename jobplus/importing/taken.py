"""What has been taken already, and under which ids: a file beside the import's, which is only ever added to.

Each row is a line, written when its batch was answered. It saves sending the row again: what isn't written here, or is
lost, is sent under the same names, and answered the same by the service that took it.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson

FOLDER = ".jobplus-import"


class Taken(NamedTuple):
    """A row that was taken: a hash of what it said, and the ids that it was given."""

    says: str
    ids: dict[str, str]


class TakenRows:
    """The rows of one import that were taken, by kind and name; and the ids by what later rows refer by."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FOLDER / "taken.ndjson"
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
