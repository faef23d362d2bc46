"""A counsellor, and when they are away."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from contracts.codes import ClientGroup
from contracts.ids import CounsellorId

AbsenceReason = Literal["leave", "illness", "training", "other"]


@dataclass(frozen=True, slots=True)
class Counsellor:
    """`left_on` is the first day out of service, None while in it."""

    counsellor_id: CounsellorId
    name: str
    groups: tuple[ClientGroup, ...]
    joined_on: date
    left_on: date | None = None

    def in_service(self, on: date) -> bool:
        return self.joined_on <= on and (self.left_on is None or on < self.left_on)


@dataclass(frozen=True, slots=True)
class Absence:
    """Away from `first` to `last`, both days included."""

    first: date
    last: date
    reason: AbsenceReason | None = None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def includes(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Absences:
    """When a counsellor is away, by day; the absences of one counsellor share no day."""

    counsellor_id: CounsellorId
    periods: tuple[Absence, ...] = ()

    def on(self, day: date) -> Absence | None:
        """Give the absence that a day lies in."""
        return next((period for period in self.periods if period.includes(day)), None)
