"""A counsellor."""

from dataclasses import dataclass
from datetime import date

from contracts.codes import ClientGroup
from contracts.ids import CounsellorId


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
