"""A seeker as matching knows them: the present profile, and whether they are placed."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from chassis.aggregates import Find
from contracts.codes import District, Education, Employment, Gender, Occupation, age_band
from contracts.ids import PlacementId, ReferralId, SeekerId
from contracts.profile import Bands


@dataclass(frozen=True, slots=True)
class Profile:
    """What the topic `profiles` tells of a person. Occupations: the one wanted most first. Money is won a month."""

    status: Literal["active", "withdrawn"]
    registered_on: date
    birth_year: int
    gender: Gender
    district: District
    wanted_occupations: tuple[Occupation, ...]
    wanted_districts: tuple[District, ...]
    wanted_employment: tuple[Employment, ...]
    desired_wage: int | None
    career_years: int | None
    education: Education | None

    def bands(self, on: date) -> Bands:
        """Give what events about this person are counted by, as of a day."""
        return Bands(
            age_band=age_band(self.birth_year, on),
            gender=self.gender,
            district=self.district,
            wanted_occupations=self.wanted_occupations,
        )


@dataclass(frozen=True, slots=True)
class Seeker:
    """No profile: the person was erased, and this mark keeps an old event from bringing them back.

    `placement_id` is the placement that has not ended yet. `in_pool_since` is the day of the last entry.
    """

    seeker_id: SeekerId
    profile: Profile | None
    in_pool_since: date | None = None
    placement_id: PlacementId | None = None


@dataclass(frozen=True, slots=True)
class SeekerOfReferral(Find):
    """The seeker who was referred; it never changes."""

    referral_id: ReferralId
