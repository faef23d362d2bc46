"""What may be asked about a vacancy."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from chassis.batch.aggregates import Ref
from chassis.days import Day
from chassis.texts import PublicLine
from contracts.codes import District, Employment, Occupation, Sector
from contracts.ids import EmployerId, VacancyId
from services.matching.employers.model import Employer
from services.matching.vacancies.model import Vacancy
from services.matching.visits.model import Visit

MOST_OPENINGS = 10_000


_EXAMPLE: dict[str, Any] = {
    "employer_id": "0190c0de-0000-7000-8000-000000000003",
    "occupation": "02",
    "openings": 2,
    "title": "회계 담당자",
    "sector": "private",
    "employment": "permanent",
    "wage": 2400000,
    "district": "11680",
}


class VacancyForm(BaseModel):
    """A vacancy to open. `wage` is won a month; `deadline` is the last day to apply; `occurred_on` is today if not
    given. `converts`: the employer plans to make interns permanent, so that youth internships can start from it.
    `visit_id`: the field discovery team's visit that found it."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    employer_id: UUID
    occupation: Occupation
    openings: int = Field(ge=1, le=MOST_OPENINGS)
    title: PublicLine
    sector: Sector
    employment: Employment
    wage: int | None = Field(None, ge=0, le=100_000_000)
    district: District
    deadline: Day | None = None
    converts: bool = False
    visit_id: UUID | None = None
    occurred_on: Day | None = None


class TermsForm(BaseModel):
    """What may change of an open vacancy: `openings` counts those already filled, `wage` is won a month, `deadline` is
    the last day to apply."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"openings": 3, "title": "회계 담당자", "wage": 2500000}]},
    )

    openings: int = Field(ge=1, le=MOST_OPENINGS)
    title: PublicLine
    wage: int | None = Field(None, ge=0, le=100_000_000)
    deadline: Day | None = None


class Closing(BaseModel):
    """Why a vacancy takes nobody any more. One that is filled, or whose deadline is over, closes by itself."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"reason": "withdrawn"}]})

    reason: Literal["withdrawn"]


class ClosingRow(BaseModel):
    """How a vacancy of an earlier time closed, as a row: on its day, today if not given."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "vacancy_id": "0190c0de-0000-7000-8000-000000000004",
                    "reason": "expired",
                    "occurred_on": "2009-06-30",
                }
            ]
        },
    )

    vacancy_id: UUID
    reason: Literal["withdrawn", "expired"]
    occurred_on: Day | None = None


@dataclass(frozen=True, slots=True)
class OpenVacancy:
    vacancy_id: VacancyId
    form: VacancyForm

    def touches(self) -> tuple[Ref[Employer]]:
        return (Ref(Employer, self.form.employer_id),)


@dataclass(frozen=True, slots=True)
class OpenFoundVacancy:
    """A vacancy that a visit found: the form names it."""

    vacancy_id: VacancyId
    form: VacancyForm

    def touches(self) -> tuple[Ref[Employer], Ref[Visit]]:
        return Ref(Employer, self.form.employer_id), Ref(Visit, self.form.visit_id)


@dataclass(frozen=True, slots=True)
class ChangeVacancy:
    vacancy_id: VacancyId
    form: TermsForm

    def touches(self) -> tuple[Ref[Vacancy]]:
        return (Ref(Vacancy, self.vacancy_id),)


@dataclass(frozen=True, slots=True)
class CloseOfLeft:
    """Close a vacancy because its employer has left."""

    vacancy_id: VacancyId
    employer_id: EmployerId

    def touches(self) -> tuple[Ref[Employer], Ref[Vacancy]]:
        return Ref(Employer, self.employer_id), Ref(Vacancy, self.vacancy_id)


@dataclass(frozen=True, slots=True)
class ExpireVacancy:
    vacancy_id: VacancyId

    def touches(self) -> tuple[Ref[Vacancy]]:
        return (Ref(Vacancy, self.vacancy_id),)


@dataclass(frozen=True, slots=True)
class NoteReferralsEnded:
    """`placed` is how many openings were taken as its referrals were looked at."""

    vacancy_id: VacancyId
    placed: int

    def touches(self) -> tuple[Ref[Vacancy]]:
        return (Ref(Vacancy, self.vacancy_id),)


@dataclass(frozen=True, slots=True)
class RecordClosing:
    row: ClosingRow

    def touches(self) -> tuple[Ref[Vacancy]]:
        return (Ref(Vacancy, VacancyId(self.row.vacancy_id)),)


@dataclass(frozen=True, slots=True)
class CloseVacancy:
    vacancy_id: VacancyId
    closing: Closing

    def touches(self) -> tuple[Ref[Vacancy]]:
        return (Ref(Vacancy, self.vacancy_id),)
