"""A placement: a seeker has a job by a referral."""

from dataclasses import dataclass
from datetime import date

from contracts.ids import PlacementId, ReferralId, SeekerId, VacancyId


@dataclass(frozen=True, slots=True)
class Placement:
    """`wage` is won a month."""

    placement_id: PlacementId
    referral_id: ReferralId
    seeker_id: SeekerId
    vacancy_id: VacancyId
    occurred_on: date
    wage: int | None
