"""Which facts a figure sums: a period of days on which things occurred, as known at a moment."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` (None: the beginning) up to and including `as_of`, as known on the day `known_at` (None: now)."""

    as_of: date
    first: date | None = None
    known_at: date | None = None
