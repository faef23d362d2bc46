"""Of which person an event is: those whose topic is keyed by a person are of the one that is their key."""

from typing import Any
from uuid import UUID

_PERSONS = frozenset({"seeker", "client"})


def person_of(event: Any) -> UUID | None:
    """Give the person that an event is of, None where it is of a firm, a vacancy or the like."""
    return UUID(event.key) if event.topic.key in _PERSONS else None
