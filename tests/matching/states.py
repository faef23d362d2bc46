"""Values that the tests of the rules start from."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import uuid_utils.compat as uuids

from chassis.batch.decisions import Actor, Now
from contracts.ids import EmployerId, SeekerId, VacancyId
from services.matching.pool.model import Profile, Seeker
from services.matching.vacancies.model import Vacancy

TODAY = date(2009, 6, 15)
NOW = Now(datetime(2009, 6, 15, 3, tzinfo=UTC), TODAY, Actor("counsellor", "c-1"))

PROFILE = Profile(
    status="active",
    registered_on=date(2009, 2, 2),
    birth_year=1979,
    gender="female",
    district="11440",
    wanted_occupations=("02", "10"),
    wanted_districts=(),
    wanted_employment=(),
    desired_wage=2_000_000,
    career_years=4,
    education="university",
)


def a_seeker(**profile: Any) -> Seeker:
    return Seeker(SeekerId(uuids.uuid7()), replace(PROFILE, **profile), PROFILE.registered_on)


def a_vacancy(**details: Any) -> Vacancy:
    vacancy = Vacancy(
        vacancy_id=VacancyId(uuids.uuid7()),
        employer_id=EmployerId(uuids.uuid7()),
        title="회계 담당자",
        occupation="02",
        openings=1,
        placed=0,
        sector="private",
        employment="permanent",
        wage=2_200_000,
        district="11440",
        deadline=None,
        opened_on=date(2009, 2, 10),
    )
    return replace(vacancy, **details)


def an_intern_is_sought(**details: Any) -> Vacancy:
    return a_vacancy(**{"employment": "internship", "converts": True, **details})
