"""A firm, as a prospect, a member or one that has left, and what it plans to hire."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from chassis.aggregates import Find
from contracts.codes import District, FirmSize, Occupation
from contracts.ids import EmployerId, HiringPlanId

FirmStatus = Literal["prospect", "member", "left"]


@dataclass(frozen=True, slots=True)
class Employer:
    """`joined_on` is the day on which it first became a member, None for a prospect that never was one.

    `programmes` are the city programmes that it takes part in. `version` counts the changes of the record.
    """

    employer_id: EmployerId
    business_number: str
    name: str
    size: FirmSize
    district: District
    joined_on: date | None
    programmes: tuple[str, ...] = ()
    status: FirmStatus = "member"
    listed_on: date | None = None
    left_on: date | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class WithBusinessNumber(Find):
    """The employer that has this business registration number."""

    number: str


@dataclass(frozen=True, slots=True)
class HiringPlan:
    """How many people a firm plans to hire by a day, and in which occupations. No vacancy yet."""

    plan_id: HiringPlanId
    employer_id: EmployerId
    openings: int
    occupations: tuple[Occupation, ...]
    hire_by: date
    converts_interns: bool
    filed_on: date
    withdrawn_on: date | None = None
