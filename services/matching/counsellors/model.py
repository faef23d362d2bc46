"""Who was ever in service as a counsellor, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from contracts.ids import CounsellorId

STAFF = "staff"
"""The key of the staff, of which there is one."""


@dataclass(frozen=True, slots=True)
class Counsellor:
    """In service from `joined_on` on, and out of it from `left_on` on, None while they stay."""

    counsellor_id: CounsellorId
    joined_on: date
    left_on: date | None = None

    def in_service(self, on: date) -> bool:
        return self.joined_on <= on and (self.left_on is None or on < self.left_on)


@dataclass(frozen=True, slots=True)
class Staff:
    """All counsellors that were ever in service: a few dozen."""

    counsellors: Mapping[CounsellorId, Counsellor]
