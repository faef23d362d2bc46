"""A pure interpreter of a history's actions: it enforces what the services enforce, and counts as reporting counts.

Each stage is taken in an order of its own, so that an action that needs another of the same stage is found out, and
matching may lag behind intake.
"""

import random
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from contracts.codes import AGE_BANDS, CHANNELS, OCCUPATIONS, AgeBand, Occupation, age_band
from contracts.values import Code
from jobplus.replay.actions import (
    Action,
    AnswerReferral,
    Day,
    HoldSession,
    JoinCounsellor,
    JoinEmployer,
    LaunchBusiness,
    MakeReferral,
    OpenVacancy,
    Place,
    RegisterSeeker,
    Stage,
)
from jobplus.replay.history import History
from jobplus.replay.shares import percent, ratio
from pydantic import TypeAdapter
from services.intake.counselling.commands import SessionForm
from services.intake.counsellors.commands import CounsellorForm
from services.intake.firms.commands import EmployerForm
from services.intake.seekers.commands import SeekerForm
from services.matching.vacancies.commands import VacancyForm

_ANY_ID = UUID("0190c0de-0000-7000-8000-000000000001")
_CODE: TypeAdapter[str] = TypeAdapter(Code)


@dataclass
class Referral:
    """What is known of a referral: `status` is open, accepted, refused, placed or obsolete."""

    seeker: int
    vacancy: int
    status: str = "open"


@dataclass
class Vacancy:
    """What is known of a vacancy; it is closed when all its openings are filled."""

    occupation: Occupation
    openings: int
    referrals: list[Referral] = field(default_factory=list)
    placed: int = 0

    @property
    def closed(self) -> bool:
        return self.placed == self.openings


@dataclass
class Centre:
    """Everything that has happened so far."""

    counsellors: int = 0
    business_numbers: list[str] = field(default_factory=list)
    seekers: list[SeekerForm] = field(default_factory=list)
    persons: set[tuple[str, date, str]] = field(default_factory=set)
    sessions: Counter[tuple[str, str]] = field(default_factory=Counter)
    served: Counter[int] = field(default_factory=Counter)
    startup_clients: set[tuple[int, bool]] = field(default_factory=set)
    launches: list[tuple[int, bool]] = field(default_factory=list)
    vacancies: list[Vacancy] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    by_seeker: dict[int, list[Referral]] = field(default_factory=dict)
    placed: dict[int, tuple[Occupation, AgeBand]] = field(default_factory=dict)
    actions: int = 0

    def take(self, stages: tuple[Stage, ...], day: date, order: random.Random) -> None:
        """Let a service's stages of a day happen."""
        for stage in stages:
            assert stage, "a stage is empty"
            first_of_stage = (self.counsellors, len(self.business_numbers), len(self.seekers))
            numbers = [n for a in stage if (n := getattr(a, "number", None)) is not None and isinstance(a, _NUMBERED)]
            for action in _numbered_in_order(stage, order):
                self.do(action, day)
                self.actions += 1
            del first_of_stage, numbers
