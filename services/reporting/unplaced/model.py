"""Whom a year that has ended left unplaced, and what was published of it."""

from dataclasses import dataclass
from datetime import date, datetime

from contracts.codes import Occupation

MEASURE = "unplaced_top_occupations"

ByOccupation = tuple[tuple[Occupation, int], ...]
"""Persons by occupation wanted first: most first, ties by code. Who wanted none that is known is left out: no firm is
visited for them."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published of a year's unplaced, as the ledger has it: when, by whom (a role and an id), at which
    position."""

    year: int
    version: int
    published_on: date
    recorded_at: datetime
    published_by: str
    position: int
    unplaced: ByOccupation


@dataclass(frozen=True, slots=True)
class EndedYear:
    """`unplaced` are the persons unplaced at the year's end, as is known now.

    `version` counts what was published of it, and `published_on` is the day of the last, 0 and None while nothing was;
    `last` is the last as it stands in the ledger, None while it is on its way there. `is_behind`: events have arrived
    that are still to be counted, or nobody looks whether they have.
    """

    year: int
    unplaced: ByOccupation = ()
    version: int = 0
    published_on: date | None = None
    last: Publication | None = None
    is_behind: bool = False
