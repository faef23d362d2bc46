"""What a table is asked, the counts that answer it, and a table that was kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from chassis.days import day, day_or_moment
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.figures.period import Period
from services.reporting.figures.persons import FIRST_IN_YEAR, ONCE
from services.reporting.figures.rows import MEASURES, WHENEVER

Each = Literal["whole", "month", "year"]
"""What lines are of: the whole period, or each of its months or years."""

Percent = Literal["none", "total", "row", "column"]
"""What counts are shown as a share of, if they are."""

THE_WHOLE = "all"
"""Stands for a year where the whole period is told beside its years."""

ASKED: tuple[Measure, ...] = tuple(one for one in MEASURES if one not in FIRST_IN_YEAR.values())
"""The measures that a table may be of. Persons of a year are asked for by year, so that they need none of their own."""

STOCKS: tuple[Measure, ...] = (*WHENEVER, "openings")
"""Measures of what there is on a day, which goes down as well as up: of a month they tell the change."""


class Place(NamedTuple):
    """Where a count stands: in which month (`2010-12`) or year (`2010`, THE_WHOLE), and of which value of what rows and
    columns are split by; each "" where the question has none."""

    time: str = ""
    row: str = ""
    column: str = ""


Counts = Mapping[Place, int]
"""The counts of a table by their places; where there is none nothing is counted."""


class Question(NamedTuple):
    """What a table is asked: a measure by what rows and columns are split by (None: by nothing), from `first` (None:
    the beginning) up to and including `as_of`, as known at a day's end or a moment (None: when it is counted)."""

    measure: Measure
    as_of: date
    rows: Dimension | None = None
    columns: Dimension | None = None
    each: Each = "whole"
    first: date | None = None
    known_at: date | datetime | None = None
    percent: Percent = "none"

    @property
    def by(self) -> tuple[Dimension, ...]:
        """What it is split by, rows first."""
        return tuple(one for one in (self.rows, self.columns) if one)

    @property
    def period(self) -> Period:
        """Which facts it sums. What there is on a day counts whenever the period starts."""
        is_of_a_day = self.measure in WHENEVER and self.each == "whole"
        return Period(self.as_of, None if is_of_a_day else self.first, self.known_at)

    @property
    def is_of_persons(self) -> bool:
        """Whether it counts each person once in a period."""
        return self.measure in FIRST_IN_YEAR

    @property
    def has_years_apart(self) -> bool:
        """Whether its years don't add up: of each, persons count once."""
        return self.each == "year" and self.is_of_persons and self.measure not in ONCE

    def time_of(self, day: date | None) -> str:
        """Give the month or year that a day is in, "" where none is asked for."""
        length = {"whole": 0, "month": len("2010-12"), "year": len("2010")}[self.each]
        return day.isoformat()[:length] if day else ""

    def place(self, time: str, values: Sequence[str]) -> Place:
        """Give the place of values of `by`, in its order."""
        return Place(time, values[0] if self.rows else "", values[-1] if self.columns else "")

    def parameters(self) -> dict[str, str]:
        """Write it as an address and a row keep it; what isn't asked is left out."""
        told = {
            "measure": self.measure,
            "rows": self.rows,
            "columns": self.columns,
            "each": self.each if self.each != "whole" else None,
            "from": self.first and self.first.isoformat(),
            "as_of": self.as_of.isoformat(),
            "known_at": self.known_at and self.known_at.isoformat(),
            "percent": self.percent if self.percent != "none" else None,
        }
        return {name: value for name, value in told.items() if value}

    @staticmethod
    def from_parameters(told: Mapping[str, Any]) -> "Question":
        """Read what `parameters` wrote."""
        first, known_at = told.get("from"), told.get("known_at")
        return Question(
            told["measure"],
            day(told["as_of"]),
            told.get("rows"),
            told.get("columns"),
            told.get("each", "whole"),
            day(first) if first else None,
            day_or_moment(known_at) if known_at else None,
            told.get("percent", "none"),
        )


@dataclass(frozen=True, slots=True)
class KeptTable:
    """A table as it was kept: its question and its counts as they were then, `position` that of the last event in the
    ledger that is counted in it, and who kept it."""

    id: UUID
    kept_at: datetime
    kept_role: str
    kept_by: str
    position: int
    question: Question
    counts: Counts
