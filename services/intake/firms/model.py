"""A firm, as a prospect, a member or one that has left, and what it plans to hire."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from chassis.batch.aggregates import Find
from contracts.codes import Channel, District, FirmSize, Occupation
from contracts.ids import EmployerId, HiringPlanId, PlanRequestId

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


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """That a firm was asked for its hiring plan: when, by whom (a role and an id) and how.

    `plan_id` is the plan that answered it and `answered_on` that plan's day, both None while none has.
    """

    request_id: PlanRequestId
    asked_on: date
    asked_by: str
    channel: Channel
    plan_id: HiringPlanId | None = None
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlanRequests:
    """How often a firm was asked for its hiring plan, the earliest first, and the day of the last plan it filed."""

    employer_id: EmployerId
    requests: tuple[PlanRequest, ...] = ()
    last_filed_on: date | None = None

    def waiting(self, on: date) -> tuple[PlanRequest, ...]:
        """Give those made by a day that no plan has answered."""
        return tuple(each for each in self.requests if each.plan_id is None and each.asked_on <= on)

    def answered_by(self, plan: HiringPlan) -> "PlanRequests":
        """Give them with a plan filed, and those that waited answered by it."""
        waiting = self.waiting(plan.filed_on)
        requests = (
            replace(each, plan_id=plan.plan_id, answered_on=plan.filed_on) if each in waiting else each
            for each in self.requests
        )
        last_filed_on = max(plan.filed_on, self.last_filed_on or plan.filed_on)
        return replace(self, requests=tuple(requests), last_filed_on=last_filed_on)
