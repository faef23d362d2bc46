"""contracts/CHANGELOG.md: what changed for those who read, a section a release, and what ends when."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from contracts.compatible.breaks import Break

CHANGELOG = "CHANGELOG.md"
COMING = "Coming"
"""The section of what isn't released yet."""

NOTICE = timedelta(days=365)
"""So long before its end at least a stable type's end is told by a release."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ENDS = re.compile(r"`(jobplus\.[\w.]+)` ends on (\d{4}-\d{2}-\d{2})")
_SECTION = re.compile(r"^## (\w+)(.*)$", re.M)


class Section(NamedTuple):
    """What stands of a release: the rest of its heading, the day there, None of what is coming, and the lines."""

    heading: str
    day: date | None
    text: str


def sections(home: Path) -> dict[str, Section]:
    """Give the sections by their first word: a release's number, or COMING."""
    parts = _SECTION.split((home / CHANGELOG).read_text("utf-8"))
    return {
        name: Section(heading, date.fromisoformat(day[0]) if (day := _DAY.search(heading)) else None, text)
        for name, heading, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True)
    }


def ended_types(home: Path, today: date) -> frozenset[str]:
    """Name the types whose end a release has announced, NOTICE before it, and which has come."""
    return frozenset(
        name
        for section in sections(home).values()
        for name, day in _ENDS.findall(section.text)
        if section.day and section.day + NOTICE <= date.fromisoformat(day) <= today
    )


def untold(home: Path, changed: Iterable[str]) -> Iterator[Break]:
    """Give each name of what differs from the last release and isn't named under COMING."""
    coming = sections(home).get(COMING)
    for name in changed:
        if coming is None or f"`{name}`" not in coming.text:
            told = f"say under ## {COMING}, in a line that names `{name}`, what changes for whom"
            yield Break(f"{home.name}/{CHANGELOG}", name, "it differs from the last release, and no line says so", told)
