"""What a match is judged on, and what it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Self

from contracts.cases import Answer
from contracts.codes import District, Employment, Occupation, Sector, is_public_job
from services.matching.pool.model import Profile
from services.matching.vacancies.model import Vacancy


@dataclass(frozen=True, slots=True)
class Wishes:
    """The seeker's side. Age and gender are not in it, so they can't count."""

    occupations: tuple[Occupation, ...]
    districts: tuple[District, ...]
    lives_in: District
    employment: tuple[Employment, ...]
    wage: int | None
    career_years: int | None
    waiting_since: date | None
    sos_care: bool = False

    @classmethod
    def of(cls, profile: Profile, in_pool_since: date | None) -> Self:
        return cls(
            profile.wanted_occupations,
            profile.wanted_districts,
            profile.district,
            profile.wanted_employment,
            profile.desired_wage,
            profile.career_years,
            in_pool_since,
            profile.sos_care,
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """The vacancy's side."""

    occupation: Occupation
    district: District
    employment: Employment
    wage: int | None
    sector: Sector = "private"
    converts: bool = False
    """Whether it is for interns whom the employer plans to make permanent."""

    @property
    def is_public_job(self) -> bool:
        return is_public_job(self.sector, self.employment)

    @classmethod
    def of(cls, vacancy: Vacancy) -> Self:
        return cls(
            vacancy.occupation,
            vacancy.district,
            vacancy.employment,
            vacancy.wage,
            vacancy.sector,
            vacancy.converts,
        )


class Reason(NamedTuple):
    """One thing that was looked at: its outcome as a code, the points it gave, and the facts it was judged on."""

    code: str
    points: int
    facts: Mapping[str, Any]


class Refusal(NamedTuple):
    """How the seeker's last referral to the vacancy that was refused had been answered."""

    answer: Answer
    reason: str | None


class Match(NamedTuple):
    """How well a seeker and a vacancy fit, with a reason for each thing looked at."""

    points: int
    reasons: tuple[Reason, ...]

    @property
    def spoke_for_it(self) -> tuple[str, ...]:
        """The codes of the reasons that gave points."""
        return tuple(reason.code for reason in self.reasons if reason.points > 0)
