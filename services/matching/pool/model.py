"""A seeker as matching knows them: the present profile, and whether they are placed."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from contracts.codes import (
    CareStage,
    District,
    Education,
    Employment,
    Gender,
    IncomeBand,
    Occupation,
    Programme,
    age_band,
    programme_of,
)
from contracts.ids import InternshipId, PlacementId, SeekerId
from contracts.profile import Bands
from services.matching.finds import OfInternship, OfPlacement, OfReferral


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
    income_band: IncomeBand | None = None
    care_stage: CareStage | None = None
    sos_care: bool = False
    breadwinner: bool | None = None

    def bands(self, on: date, programme: Programme | None = None) -> Bands:
        """Give what events about this person are counted by, as of a day.

        `programme` is the one that what happened came through; otherwise it is the care that they are in.
        """
        return Bands(
            age_band=age_band(self.birth_year, on),
            gender=self.gender,
            district=self.district,
            wanted_occupations=self.wanted_occupations,
            income_band=self.income_band,
            programme=programme or programme_of(self.sos_care, self.care_stage),
            breadwinner=self.breadwinner,
        )


@dataclass(frozen=True, slots=True)
class Seeker:
    """No profile: the person was erased, or the record was `merged_into` another one of theirs; this mark keeps an old
    event from bringing them back.

    `placement_id` is the placement that has not ended yet, `internship_id` the internship that runs.
    `convertible_id` is the internship that was completed and that no other job or internship has come after.
    `in_pool_since` is the day of the last entry. `in_public_job`: the placement is a public, fixed-term or public-works
    job that they took while in SOS-Care, and that they are still in.
    """

    seeker_id: SeekerId
    profile: Profile | None
    in_pool_since: date | None = None
    placement_id: PlacementId | None = None
    internship_id: InternshipId | None = None
    convertible_id: InternshipId | None = None
    in_public_job: bool = False
    merged_into: SeekerId | None = None

    @property
    def seeks_private_job(self) -> bool:
        """Whether they have a public job under SOS-Care, and stay in the pool for a private one."""
        return self.in_public_job and self.profile is not None and self.profile.sos_care


class SeekerOfReferral(OfReferral):
    """The seeker who was referred; only a merge changes it."""


class SeekerOfInternship(OfInternship):
    """The seeker who is or was the intern; only a merge changes it."""


class SeekerOfPlacement(OfPlacement):
    """The seeker who was placed; only a merge changes it."""
