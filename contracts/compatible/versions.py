"""Which part of the version is raised by what changed since the last release (contracts/version.py)."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from contracts.compatible.breaks import Break
from contracts.compatible.changelog import CHANGELOG, sections
from contracts.compatible.events import stable_schemas
from contracts.generate.schemas import schemas_of_all

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_NONE, _SECOND, _FIRST = 0, 2, 3
_WHY = {
    _NONE: "no type or topic has changed",
    _SECOND: "types or topics have joined or changed",
    _FIRST: "a stable type has ended",
}


class Version(NamedTuple):
    """Three numbers."""

    first: int
    second: int
    third: int

    def __str__(self) -> str:
        return ".".join(map(str, self))

    def nexts(self) -> "tuple[Version, Version, Version, Version]":
        """Give what it may be next: the same, and with its third, second and first number raised."""
        first, second, third = self
        return self, Version(first, second, third + 1), Version(first, second + 1, 0), Version(first + 1, 0, 0)


def version_in(text: str) -> Version | None:
    """Find a version in a text."""
    return Version(*map(int, found.groups())) if (found := _VERSION.search(text)) else None


def released_version(release: Path, home: Path) -> Version | None:
    """Tell the version of a release, from its section's heading; None where it has none."""
    section = sections(home).get(release.name)
    return version_in(section.heading) if section else None


def wrong_version(release: Path, home: Path, version: str, changed: Iterable[str]) -> Iterator[Break]:
    """Say why the version is not that of the last release, raised by what changed since then; by more it may be raised.
    `changed` names types, topics and interfaces."""
    before = released_version(release, home)
    if before is None:
        told = f"write ## {release.name} of YYYY-MM-DD, version N.N.N"
        yield Break(f"{home.name}/{CHANGELOG}", release.name, "the heading of the release names no version", told)
        return
    least = _asked(release, changed)
    allowed = [*map(str, before.nexts()[least:])]
    if version not in allowed:
        reason = f"{version} after {before}, and since then {_WHY[least]}"
        yield Break(f"{home.name}/version.py", "VERSION", reason, f"write {allowed[0]}")


def _asked(release: Path, changed: Iterable[str]) -> int:
    if stable_schemas(release).keys() - schemas_of_all().keys():
        return _FIRST
    return _SECOND if any(not name.startswith("openapi/") for name in changed) else _NONE
