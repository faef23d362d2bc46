"""A seeker as matching knows them: the present profile, and whether they are placed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple, Self

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
from services.matching.lookups import OfInternship, OfPlacement, OfReferral


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


class HeldJob(NamedTuple):
    """A placement that has not ended, and whether it is a public job that was taken while in SOS-Care."""

    placement_id: PlacementId
    public: bool


@dataclass(frozen=True, slots=True)
class Seeker:
    """No profile: the person was erased, or the record was `merged_into` another one of theirs; this mark keeps an old
    event from bringing them back.

    `placement_id` is the placement that has not ended yet, `internship_id` the internship that runs.
    `convertible_id` is the internship that was completed and that no other job or internship has come after.
    `in_pool_since` is the day of the last entry. `in_public_job`: the placement is a public, fixed-term or public-works
    job that they took while in SOS-Care, and that they are still in. `other_jobs` are those that merged records brought
    beside it; a private one among all of them is the `placement_id`. `back_from` is the placement by whose end they
    last entered the pool.
    """

    seeker_id: SeekerId
    profile: Profile | None
    in_pool_since: date | None = None
    placement_id: PlacementId | None = None
    internship_id: InternshipId | None = None
    convertible_id: InternshipId | None = None
    in_public_job: bool = False
    merged_into: SeekerId | None = None
    other_jobs: tuple[HeldJob, ...] = ()
    back_from: PlacementId | None = None

    @property
    def jobs(self) -> tuple[HeldJob, ...]:
        """All jobs that have not ended, first the one that the seeker is placed by."""
        own = HeldJob(self.placement_id, self.in_public_job) if self.placement_id else None
        return (own, *self.other_jobs) if own else self.other_jobs

    def holding(self, jobs: Sequence[HeldJob]) -> Self:
        """Give the seeker with these jobs: placed by the first private one, else by the first, if there is any."""
        job = next((job for job in jobs if not job.public), next(iter(jobs), None))
        return replace(
            self,
            placement_id=job.placement_id if job else None,
            in_public_job=job is not None and job.public,
            other_jobs=tuple(other for other in jobs if other is not job),
        )

    def without(self, placement_id: PlacementId) -> Self:
        """Give the seeker without a job; one that they don't have changes nothing."""
        return self.holding([job for job in self.jobs if job.placement_id != placement_id])

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
