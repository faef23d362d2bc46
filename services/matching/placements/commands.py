"""What may be asked about a placement."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from chassis.batch.aggregates import Ref
from chassis.days import Day
from contracts.codes import Occupation, Sector
from contracts.ids import PlacementId, ReferralId, SeekerId
from services.matching.pool.model import Seeker
from services.matching.referrals.commands import vacancy_and_case_of
from services.matching.referrals.model import Case
from services.matching.vacancies.model import Vacancy

JobEmployment = Literal["permanent", "fixed_term", "public_works"]
"""As what somebody is placed: nobody is as an intern."""


class PlacementForm(BaseModel):
    """A job that came of a referral. `wage` is won a month; `occurred_on` is today if not given."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"occurred_on": "2009-02-16", "wage": 2300000}]}
    )

    occurred_on: Day | None = None
    wage: int | None = Field(None, ge=0, le=100_000_000)


class SelfFoundForm(BaseModel):
    """A job that a seeker found alone. `wage` is won a month; `occurred_on` is today if not given."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"occupation": "02", "sector": "private", "employment": "permanent"}]},
    )

    occupation: Occupation
    sector: Sector
    employment: JobEmployment
    wage: int | None = Field(None, ge=0, le=100_000_000)
    occurred_on: Day | None = None


class PlacementRow(PlacementForm):
    """A job that came of a referral, as a row."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "referral_id": "0190c0de-0000-7000-8000-000000000005",
                    "occurred_on": "2009-02-16",
                    "wage": 2300000,
                }
            ]
        },
    )

    referral_id: UUID


class SelfFoundRow(SelfFoundForm):
    """A job that a seeker found alone, as a row."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "seeker_id": "0190c0de-0000-7000-8000-000000000001",
                    "occupation": "02",
                    "sector": "private",
                    "employment": "permanent",
                    "occurred_on": "2009-02-16",
                }
            ]
        },
    )

    seeker_id: UUID


@dataclass(frozen=True, slots=True)
class Place:
    placement_id: PlacementId
    referral_id: ReferralId
    form: PlacementForm

    def touches(self) -> tuple[Ref[Vacancy], Ref[Seeker], Ref[Case]]:
        return vacancy_and_case_of(self.referral_id)


@dataclass(frozen=True, slots=True)
class PlaceSelfFound:
    placement_id: PlacementId
    seeker_id: SeekerId
    form: SelfFoundForm

    def touches(self) -> tuple[Ref[Seeker], Ref[Case]]:
        return Ref(Seeker, self.seeker_id), Ref(Case, self.seeker_id)
