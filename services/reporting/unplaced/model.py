"""Whom a year that has ended left unplaced."""

from dataclasses import dataclass
from datetime import date

from contracts.codes import Occupation


@dataclass(frozen=True, slots=True)
class EndedYear:
    """`unplaced` has, by occupation wanted first, the persons unplaced at the year's end: most first, ties by code.

    `published_on` is the day on which that was published, None while it was not.
    """

    year: int
    unplaced: tuple[tuple[Occupation, int], ...] = ()
    published_on: date | None = None
