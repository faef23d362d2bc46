"""What may be asked about visits, and what follows from firms' events and the year's unplaced."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from chassis.batch.aggregates import Ref
from chassis.days import Day
from contracts.codes import District, Occupation
from contracts.ids import EmployerId, HiringPlanId, VisitId
from services.matching.counsellors.model import STAFF, Staff
from services.matching.employers.model import Employer
from services.matching.visits.model import DueVisitOf, Plan, PlanningFirm, UnplacedOfYear, Visit, due_visit_id

LARGEST_TEAM = 20

_EXAMPLE: dict[str, Any] = {
    "employer_id": "0190c0de-0000-7000-8000-000000000003",
    "officials": 1,
    "counsellors": ["0190c0de-0000-7000-8000-000000000002"],
    "vacancies_found": 2,
}


class VisitForm(BaseModel):
    """A visit that was made. `counsellors` are the ids of those in the team, who must be in service on the day;
    `officials` is how many there were: the centre has no register of officials, so they are only counted.

    `plan_id` is the hiring plan that was filed on the spot, `vacancies_found` how many postings were promised: each
    that is opened names the visit. `occurred_on` is today if not given.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    employer_id: UUID
    officials: int = Field(0, ge=0, le=LARGEST_TEAM)
    counsellors: Annotated[tuple[UUID, ...], Field(max_length=LARGEST_TEAM)] = ()
    vacancies_found: int = Field(0, ge=0, le=1000)
    plan_id: UUID | None = None
    occurred_on: Day | None = None


@dataclass(frozen=True, slots=True)
class RecordVisit:
    """`visit_id` is given to a visit that was not due."""

    visit_id: VisitId
    form: VisitForm

    def touches(self) -> tuple[Ref[Employer], Ref[PlanningFirm], Ref[Visit], Ref[Staff]]:
        employer_id = EmployerId(self.form.employer_id)
        return (
            Ref(Employer, employer_id),
            Ref(PlanningFirm, employer_id),
            Ref(Visit, DueVisitOf(employer_id)),
            Ref(Staff, STAFF),
        )


@dataclass(frozen=True, slots=True)
class ListVisit:
    """Look whether a firm is to be visited in a year, by whom the year before left unplaced."""

    employer_id: EmployerId
    year: int

    def touches(self) -> tuple[Ref[UnplacedOfYear], Ref[PlanningFirm], Ref[Visit]]:
        return (
            Ref(UnplacedOfYear, self.year - 1),
            Ref(PlanningFirm, self.employer_id),
            Ref(Visit, due_visit_id(self.employer_id, self.year)),
        )


@dataclass(frozen=True, slots=True)
class KnowProspect:
    employer_id: EmployerId
    district: District

    def touches(self) -> tuple[Ref[PlanningFirm]]:
        return (Ref(PlanningFirm, self.employer_id),)


@dataclass(frozen=True, slots=True)
class NoteFirm:
    """Where a member or a prospect is from now on."""

    employer_id: EmployerId
    district: District

    def touches(self) -> tuple[Ref[PlanningFirm]]:
        return (Ref(PlanningFirm, self.employer_id),)


@dataclass(frozen=True, slots=True)
class HidePlans:
    employer_id: EmployerId

    def touches(self) -> tuple[Ref[PlanningFirm]]:
        return (Ref(PlanningFirm, self.employer_id),)


@dataclass(frozen=True, slots=True)
class KeepPlan:
    employer_id: EmployerId
    district: District
    plan: Plan

    def touches(self) -> tuple[Ref[PlanningFirm]]:
        return (Ref(PlanningFirm, self.employer_id),)


@dataclass(frozen=True, slots=True)
class DropPlan:
    employer_id: EmployerId
    plan_id: HiringPlanId

    def touches(self) -> tuple[Ref[PlanningFirm]]:
        return (Ref(PlanningFirm, self.employer_id),)


@dataclass(frozen=True, slots=True)
class KeepUnplaced:
    year: int
    unplaced: Mapping[Occupation, int]
    version: int

    def touches(self) -> tuple[Ref[UnplacedOfYear]]:
        return (Ref(UnplacedOfYear, self.year),)
