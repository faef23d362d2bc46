"""Places in a list that is sorted by a day and then an id, as texts that a caller gives back for the next page; in one
that is sorted by a number, that number."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Query

from chassis.http.problem_responses import Problem
from chassis.problems import INVALID_REQUEST

Place = tuple[date, UUID]
START: Place = (date.min, UUID(int=0))
"""Before every record."""
END: Place = (date.max, UUID(int=2**128 - 1))
"""After every record: where a list begins that has the latest first."""
LARGEST_NUMBER = 2**63 - 1

Limit = Annotated[int, Query(ge=1, le=500)]
"""The most records of a page."""
AfterNumber = Annotated[int, Query(ge=0, le=LARGEST_NUMBER)]
"""The `next` of the page before in a list that is sorted by a number, 0 for its start."""
After = Annotated[str | None, Query(max_length=60)]
"""The `next` of the page before; `place` reads it."""

_Record = TypeVar("_Record")


def place_of(day: date, record_id: UUID) -> str:
    """Write the place of a page's last record."""
    return f"{day}_{record_id}"


def place(after: str | None) -> Place | None:
    """Read a place, None for the start of the list (raises Problem `invalid-request` for what isn't one)."""
    if after is None:
        return None
    day, _, record_id = after.partition("_")
    try:
        return date.fromisoformat(day), UUID(record_id)
    except ValueError:
        raise Problem(INVALID_REQUEST, "after is no place that this interface gave", "after") from None


def next_place(found: Sequence[_Record], limit: int, of: Callable[[_Record], Place]) -> str | None:
    """Give what leads to the page after this one: the place of its last record, None where it isn't full."""
    return place_of(*of(found[-1])) if len(found) == limit else None


def next_number(found: Sequence[_Record], limit: int, of: Callable[[_Record], int]) -> int | None:
    """The same in a list that is sorted by a number."""
    return of(found[-1]) if len(found) == limit else None
