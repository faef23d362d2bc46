"""Places in a list that is sorted by a day and then an id, as texts that a caller gives back for the next page."""

from datetime import date
from uuid import UUID

from chassis.problem_responses import Problem
from chassis.problems import INVALID_REQUEST

Place = tuple[date, UUID]


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
