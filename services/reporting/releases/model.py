"""A release, and what it is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from services.reporting.figures.measures import Dimension, Measure
from services.reporting.releases.document import Headline, Internships, ReleaseMonth, Retention, Survey, Target
from services.reporting.releases.withholding import Counts, Point

MEASURE = "release"
"""Stands where other reports name their measure: releases follow each other under it."""


class Split(NamedTuple):
    """What a table is of: a measure whose facts add up, and the one or two things that it is split by."""

    measure: Measure
    by: tuple[Dimension, ...]

    @property
    def margins(self) -> "tuple[Split, ...]":
        """The tables by one thing that its rows and columns add up to."""
        return tuple(Split(self.measure, (one,)) for one in self.by)


class TableOf(NamedTuple):
    """A table of a release: what is counted since the opening, and within a year. Where persons count once in each
    year, these are two measures."""

    since_opening: Measure
    in_year: Measure
    by: tuple[Dimension, ...]

    @property
    def splits(self) -> tuple[Split, Split]:
        """What its columns are counted from: since the opening, and within years."""
        return Split(self.since_opening, self.by), Split(self.in_year, self.by)


ByMonth = Mapping[date, Counts]
"""Counts by value, of each month by its first day."""


@dataclass(frozen=True, slots=True)
class Counted:
    """All that is in a release, as it was counted in one transaction, nothing of it withheld.

    `opened_on` is the day of the first registration, `position` that of the last event in the ledger.
    """

    opened_on: date
    position: int
    figures: Sequence[Headline]
    splits: Mapping[Split, ByMonth]
    months: Sequence[ReleaseMonth]
    internships: Mapping[str, Internships]
    retention: Mapping[str, Retention]
    surveys: Sequence[Survey]
    targets: Sequence[Target]


class Written(NamedTuple):
    """A release as it is kept: its document, the hash of that (SHA-256, hexadecimal), and the points that it tells."""

    document: bytes
    hash: str
    previous: str | None
    position: int
    published_on: date
    published_by: str
    points: Mapping[Split, Sequence[Point]]


@dataclass(frozen=True, slots=True)
class Release:
    """A release by its day, and what has to be known to publish it. Of each line of its tables counts below `limit` are
    withheld.

    `written` it is once it was published; until then `counted`, None where nobody has registered by its day.
    `last` is the day of the last that was published, `previous` its hash. `points` are those of all before it.
    `is_behind`: events have arrived that are still to be counted, or nobody looks whether they have.
    """

    day: date
    centre: str
    limit: int
    written: Written | None = None
    counted: Counted | None = None
    last: date | None = None
    previous: str | None = None
    points: Mapping[Split, Sequence[Point]] = field(default_factory=dict[Split, Sequence[Point]])
    is_behind: bool = False
