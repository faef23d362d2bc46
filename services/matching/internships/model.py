"""A youth internship: a young seeker works at an employer who plans to keep them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from contracts.codes import Occupation
from contracts.ids import InternshipId, PlacementId, ReferralId, SeekerId, VacancyId
from services.matching.lookups import OfPlacement

InternshipStatus = Literal["running", "broken_off", "completed", "converted"]
BrokenOffBy = Literal["intern", "employer"]


@dataclass(frozen=True, slots=True)
class Internship:
    """It takes an opening of its vacancy until it is broken off, and for good once it is completed.

    `ended_on` is the day on which it was broken off or completed; a conversion keeps it. `placement_id` is the
    permanent job that it was converted to. `occupation` is the vacancy's.
    """

    internship_id: InternshipId
    referral_id: ReferralId
    seeker_id: SeekerId
    vacancy_id: VacancyId
    started_on: date
    status: InternshipStatus = "running"
    ended_on: date | None = None
    broken_off_by: BrokenOffBy | None = None
    placement_id: PlacementId | None = None
    occupation: Occupation | None = None


class InternshipOfPlacement(OfPlacement):
    """The internship that was converted to a placement."""
