"""Which facts a figure sums: a period of days on which things occurred, as known at a moment."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from chassis.batch.clock import SEOUL


def month_end(day: date) -> date:
    """Give the last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` (None: the beginning) up to and including `as_of`, as known at `known_at`.

    `known_at` is a day, known whole, or an aware moment, or None for now.
    """

    as_of: date
    first: date | None = None
    known_at: date | datetime | None = None

    @property
    def is_of_one_year(self) -> bool:
        """Whether it starts with a calendar year and ends in it."""
        return self.first == date(self.as_of.year, 1, 1)

    @property
    def known_through(self) -> date | None:
        """The last day, in Seoul, that is known whole; None for all."""
        if isinstance(self.known_at, datetime):
            return self.known_at.astimezone(SEOUL).date() - timedelta(days=1)
        return self.known_at

    @property
    def known_until(self) -> datetime | None:
        """The last moment that is known; None for all."""
        if self.known_at is None or isinstance(self.known_at, datetime):
            return self.known_at
        return datetime.combine(self.known_at, time.max, tzinfo=SEOUL)

    @property
    def of_rollup(self) -> tuple[str, str, str, date | None]:
        """The rollup's table, its column of recording, the column's type, and the last that is known of it."""
        return "daily", "recorded_on", "date", self.known_through

    @property
    def of_facts(self) -> tuple[str, str, str, datetime | None]:
        """The same of the facts."""
        return "fact", "recorded_at", "timestamptz", self.known_until

    @property
    def known_from(self) -> datetime | None:
        """The start of the day that is known only in part; None where there is none."""
        if isinstance(self.known_at, datetime):
            return datetime.combine(self.known_at.astimezone(SEOUL).date(), time.min, tzinfo=SEOUL)
        return None
