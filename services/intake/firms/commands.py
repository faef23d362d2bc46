"""What may be asked about a firm and its hiring plans."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from chassis.batch.aggregates import Ref
from chassis.days import Day
from chassis.texts import Identifier, Line, by, unparted
from contracts.codes import Channel, District, FirmSize, Occupation
from contracts.ids import EmployerId, HiringPlanId, PlanRequestId
from contracts.values import Code
from services.intake.firms.model import Employer, HiringPlan, PlanRequests, WithBusinessNumber

MOST_OPENINGS = 10_000

_TEN_DIGITS = re.compile("[0-9]{10}")
_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


def business_number(text: str) -> str:
    """Give a business registration number as its ten digits (raises ValueError where there aren't ten, or where the
    last doesn't follow from the others by the National Tax Service's rule)."""
    number = text if _TEN_DIGITS.fullmatch(text) else unparted(text)
    if not _TEN_DIGITS.fullmatch(number):
        raise ValueError("a business number has 10 digits, such as 000-81-00009")
    digits = [int(digit) for digit in number]
    total = sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=False)) + digits[8] * 5 // 10
    if (10 - total % 10) % 10 != digits[9]:
        raise ValueError("the last digit does not follow from the others: one of the ten is mistyped")
    return number


def _different(codes: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(codes)) < len(codes):
        raise ValueError("a code is named twice")
    return codes


BusinessNumber = Annotated[
    str,
    by(business_number),
    Field(json_schema_extra={"pattern": f"^{_TEN_DIGITS.pattern}$", "examples": ["0008100009"]}),
]
Programmes = Annotated[tuple[Annotated[Code, Identifier], ...], Field(max_length=20), AfterValidator(_different)]
PlannedOccupations = Annotated[tuple[Occupation, ...], Field(min_length=1, max_length=24), AfterValidator(_different)]

_DETAILS: dict[str, Any] = {
    "name": "한빛물산",
    "size": "mid",
    "district": "11680",
    "programmes": ["hi_seoul_brand"],
}


class EmployerDetailsForm(BaseModel):
    """What is known of a firm; `programmes` are codes of the city programmes that it takes part in. `occurred_on` is
    today if not given."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_DETAILS]})

    name: Line
    size: FirmSize
    district: District
    programmes: Programmes = ()
    occurred_on: Day | None = None


class EmployerForm(EmployerDetailsForm):
    """A company that joins, comes back, or is listed as a prospect."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"business_number": "0008100009", **_DETAILS}]},
    )

    business_number: BusinessNumber


class EmployerLeavingForm(BaseModel):
    """The day on which a member leaves; today if not given."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"occurred_on": "2011-03-02"}]}
    )

    occurred_on: Day | None = None


class HiringPlanForm(BaseModel):
    """What a firm plans to hire, by `hire_by`. `converts_interns`: it plans to make interns permanent. `occurred_on`,
    the day on which the firm said so, is today if not given."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [{"openings": 12, "occupations": ["02", "10"], "hire_by": "2099-06-30"}],
        },
    )

    openings: int = Field(ge=1, le=MOST_OPENINGS)
    occupations: PlannedOccupations
    hire_by: Day
    converts_interns: bool = False
    occurred_on: Day | None = None


class PlanRequestForm(BaseModel):
    """How a firm was asked for its hiring plan. `occurred_on` is today if not given."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"channel": "call"}]})

    channel: Channel
    occurred_on: Day | None = None


@dataclass(frozen=True, slots=True)
class JoinEmployer:
    employer_id: EmployerId
    form: EmployerForm

    def touches(self) -> tuple[Ref[Employer]]:
        return (Ref(Employer, WithBusinessNumber(self.form.business_number)),)


@dataclass(frozen=True, slots=True)
class ListProspect:
    employer_id: EmployerId
    form: EmployerForm

    def touches(self) -> tuple[Ref[Employer]]:
        return (Ref(Employer, WithBusinessNumber(self.form.business_number)),)


@dataclass(frozen=True, slots=True)
class ChangeEmployer:
    """`version` is the one that was read before the change."""

    employer_id: EmployerId
    form: EmployerDetailsForm
    version: int

    def touches(self) -> tuple[Ref[Employer]]:
        return (Ref(Employer, self.employer_id),)


@dataclass(frozen=True, slots=True)
class LeaveCentre:
    employer_id: EmployerId
    form: EmployerLeavingForm

    def touches(self) -> tuple[Ref[Employer]]:
        return (Ref(Employer, self.employer_id),)


@dataclass(frozen=True, slots=True)
class AskForPlan:
    request_id: PlanRequestId
    employer_id: EmployerId
    form: PlanRequestForm

    def touches(self) -> tuple[Ref[Employer], Ref[PlanRequests]]:
        return Ref(Employer, self.employer_id), Ref(PlanRequests, self.employer_id)


@dataclass(frozen=True, slots=True)
class FilePlan:
    plan_id: HiringPlanId
    employer_id: EmployerId
    form: HiringPlanForm

    def touches(self) -> tuple[Ref[Employer], Ref[PlanRequests]]:
        return Ref(Employer, self.employer_id), Ref(PlanRequests, self.employer_id)


@dataclass(frozen=True, slots=True)
class WithdrawPlan:
    plan_id: HiringPlanId

    def touches(self) -> tuple[Ref[HiringPlan]]:
        return (Ref(HiringPlan, self.plan_id),)
