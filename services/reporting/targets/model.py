"""A target, and what its measure counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from contracts.codes import Programme
from contracts.targets import TargetCount, TargetGroup, TargetMeasure, TargetPercentage, is_percentage
from services.reporting.figures.measures import Measure

EVERYBODY: Literal[""] = ""
"""Stands in a key for all programmes, or all persons."""


class TargetKey(NamedTuple):
    """What a target is for."""

    year: int
    measure: TargetMeasure
    programme: Programme | Literal[""] = EVERYBODY
    group: TargetGroup | Literal[""] = EVERYBODY

    @property
    def is_for_all(self) -> bool:
        """Whether it is for everything that the measure counts."""
        return not self.programme and not self.group


class TargetValue(NamedTuple):
    """A value as it was set: on which day, recorded when, by whom. A count, or a percentage to one decimal."""

    value: float
    occurred_on: date
    recorded_at: datetime
    set_by: str


@dataclass(frozen=True, slots=True)
class Target:
    """A target with all its values, the oldest first. The last one holds."""

    key: TargetKey
    values: tuple[TargetValue, ...]

    @property
    def present(self) -> TargetValue:
        """The value that holds."""
        return self.values[-1]


class CountedFrom(NamedTuple):
    """The figures' measure that a count is taken from, and what its facts must say beside; `of_persons`: whether they
    tell of a person, so that a group or programme can be told apart."""

    measure: Measure
    step: str | None = None
    of_persons: bool = True


class Percentage(NamedTuple):
    """A percentage: the part, the whole, and whether each of the part is one of the whole.

    `by_cohort`: both count what was completed in the year, whenever the part came of it.
    """

    part: TargetCount
    whole: TargetCount
    part_of_whole: bool
    by_cohort: bool = False


COUNTS: Mapping[TargetCount, CountedFrom] = {
    "registered": CountedFrom("registered_in_year"),
    "referred": CountedFrom("referred_in_year"),
    "placed": CountedFrom("placed_in_year"),
    "placements": CountedFrom("placements"),
    "self_found": CountedFrom("self_found_in_year"),
    "sessions": CountedFrom("sessions"),
    "launches": CountedFrom("launches"),
    "employers": CountedFrom("employers", of_persons=False),
    "vacancies": CountedFrom("vacancies", of_persons=False),
    "referrals": CountedFrom("referrals"),
    "internships_completed": CountedFrom("internships_completed"),
    "internships_converted": CountedFrom("internships_converted"),
    "still_employed": CountedFrom("retention_still_employed", step="6m"),
}

PERCENTAGES: Mapping[TargetPercentage, Percentage] = {
    "placement_rate_percent": Percentage("placed", "registered", part_of_whole=False),
    "internship_conversion_percent": Percentage(
        "internships_converted", "internships_completed", part_of_whole=True, by_cohort=True
    ),
}


def counts_of(measure: TargetMeasure) -> tuple[TargetCount, ...]:
    """Give the counts that a measure is made of: itself, or a percentage's part and whole."""
    if percentage := PERCENTAGES.get(measure):  # pyright: ignore[reportArgumentType, reportCallIssue]
        return percentage.part, percentage.whole
    return (measure,)  # pyright: ignore[reportReturnType]


def number(measure: str, value: float) -> int | float:
    """Give a count as a whole number, and a percentage as it is."""
    return value if is_percentage(measure) else int(value)
