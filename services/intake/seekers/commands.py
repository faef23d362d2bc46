"""What may be asked about a seeker."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from chassis.batch.aggregates import Ref
from chassis.days import Day
from chassis.texts import Line, Taken
from contracts.codes import District, Education, Gender, Occupation
from contracts.ids import SeekerId
from services.intake.seekers.model import Declared, SamePerson, Seeker
from services.intake.seekers.phones import Phone


def _different(codes: tuple[Occupation, ...]) -> tuple[Occupation, ...]:
    if len(set(codes)) < len(codes):
        raise ValueError("an occupation is named twice")
    return codes


WantedOccupations = Annotated[tuple[Occupation, ...], Field(min_length=1, max_length=3), AfterValidator(_different)]

_EXAMPLE: dict[str, Any] = {
    "name": "김보람",
    "birth_date": "1979-05-14",
    "phone": "010-0000-1234",
    "gender": "female",
    "district": "11440",
    "wanted_occupations": ["02", "10"],
    "education": "university",
    "career_years": 6,
    "desired_wage": 2200000,
    "wanted_districts": ["11440", "11410"],
    "wanted_employment": ["permanent", "fixed_term"],
    "dependants": 2,
    "other_earners": 0,
    "income_band": "low",
    "livelihood_benefit": False,
    "last_job_ended_on": "2026-03-31",
    "last_job_end_reason": "firm_closed",
}


class SeekerForm(Declared):
    """A person who registers as a job seeker. `desired_wage` is won a month; `occurred_on` is today if not given."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    name: Line
    birth_date: Day
    phone: Phone
    gender: Gender
    district: District
    wanted_occupations: WantedOccupations
    education: Education | None = None
    career_years: int | None = Field(None, ge=0, le=60)
    desired_wage: int | None = Field(None, ge=0, le=100_000_000)
    occurred_on: Day | None = None


class SearchForm(BaseModel):
    """Whom somebody looks for: by the whole name, the phone, or both, and the birth date if they know it.

    `after` is the `next` of the page before.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"phone": "010-0000-1234"}]})

    name: Line | None = None
    phone: Phone | None = None
    birth_date: Day | None = None
    limit: int = Field(20, ge=1, le=100)
    after: Annotated[str, Taken] | None = Field(None, max_length=200)

    @model_validator(mode="after")
    def _of_somebody(self) -> Self:
        if self.name is None and self.phone is None:
            raise ValueError("name or phone: say of whom")
        return self


class Withdrawal(BaseModel):
    """Why a seeker leaves the register."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"reason": "moved_away"}]})

    reason: Literal["found_work", "moved_away", "not_looking", "other"]


class SeekerReturn(BaseModel):
    """That a seeker who had withdrawn is back; nothing needs to be said with it."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{}]})


def _same(form: SeekerForm) -> Ref[Seeker]:
    return Ref(Seeker, SamePerson(form.name, form.birth_date, form.phone))


@dataclass(frozen=True, slots=True)
class RegisterSeeker:
    seeker_id: SeekerId
    form: SeekerForm

    def touches(self) -> tuple[Ref[Seeker]]:
        return (_same(self.form),)


@dataclass(frozen=True, slots=True)
class ChangeSeeker:
    """`version` is the one that was read before the change."""

    seeker_id: SeekerId
    version: int
    form: SeekerForm

    def touches(self) -> tuple[Ref[Seeker], Ref[Seeker]]:
        return Ref(Seeker, self.seeker_id), _same(self.form)


@dataclass(frozen=True, slots=True)
class WithdrawSeeker:
    seeker_id: SeekerId
    withdrawal: Withdrawal

    def touches(self) -> tuple[Ref[Seeker]]:
        return (Ref(Seeker, self.seeker_id),)


@dataclass(frozen=True, slots=True)
class ReturnSeeker:
    seeker_id: SeekerId

    def touches(self) -> tuple[Ref[Seeker]]:
        return (Ref(Seeker, self.seeker_id),)
