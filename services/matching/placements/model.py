"""A placement: a seeker has a job."""

from dataclasses import dataclass
from datetime import date

from contracts.codes import Employment, Occupation, PlacementSource, Programme, Sector
from contracts.ids import InternshipId, PlacementId, ReferralId, SeekerId, VacancyId, VisitId
from services.matching.referrals.model import Referral


@dataclass(frozen=True, slots=True)
class Job:
    """What a seeker is placed in on the day `since`. `wage` is won a month.

    `referral` is the one that it came of, at once or by an internship; None where the seeker found it alone.
    `visit_id` is the visit that found its vacancy.
    """

    source: PlacementSource
    occupation: Occupation
    sector: Sector
    employment: Employment
    since: date
    wage: int | None
    referral: Referral | None = None
    programme: Programme | None = None
    visit_id: VisitId | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """`wage` is won a month. A job that the seeker found alone has no referral and no vacancy.

    `convertible_id` is the completed internship that could have been converted until this job came, after it or of it;
    `in_pool_since` is since when the seeker was in the pool before it.
    `corrected_on` is the day on which it was found that the placement never was, and `correction` why, a code.
    """

    placement_id: PlacementId
    source: PlacementSource
    referral_id: ReferralId | None
    seeker_id: SeekerId
    vacancy_id: VacancyId | None
    occurred_on: date
    wage: int | None
    convertible_id: InternshipId | None = None
    corrected_on: date | None = None
    correction: str | None = None
    in_pool_since: date | None = None
