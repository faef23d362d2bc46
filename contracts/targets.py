"""What the city may set targets for, one list for the services and for plans."""

from typing import Literal, get_args

TargetCount = Literal[
    "registered", "referred", "placed", "placements", "self_found", "sessions", "launches", "employers", "vacancies",
    "referrals", "internships_completed", "internships_converted", "still_employed",
]  # fmt: skip
"""Counts of a calendar year: persons (`registered`, `referred`, `placed`, `self_found`) once a year each."""

TargetPercentage = Literal["placement_rate_percent", "internship_conversion_percent"]

TargetMeasure = Literal[TargetCount, TargetPercentage]
TARGET_MEASURES: tuple[TargetMeasure, ...] = (*get_args(TargetCount), *get_args(TargetPercentage))

TargetGroup = Literal["residents", "low_income", "breadwinners", "breadwinners_low_income"]
"""Persons by the profile that an event was decided on: residents of Seoul; low income; the only earner of a family
with dependants; a resident of Seoul who is one of the latter two."""


def is_percentage(measure: str) -> bool:
    """Tell a percentage from a count, by the name."""
    return measure.endswith("_percent")
