"""What may be asked about contacts, and what follows from events and from the day."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from chassis.batch.aggregates import Ref
from chassis.days import Day
from contracts.cases import Placed
from contracts.codes import FollowUpStep
from contracts.followups import EmploymentEnd
from contracts.ids import ContactId, PlacementId, SeekerId
from services.followup.contacts.model import Employment, EmploymentOf, EmploymentsOf, Outcome, StayingRecord
from services.followup.surveys.model import ServedPerson

_OUTCOMES: list[Any] = [
    {"outcome": "still_employed", "satisfaction": 4},
    {"outcome": "left", "reason": "resigned", "ended_on": "2009-03-31"},
    {"outcome": "changed_job", "ended_on": "2009-03-31"},
    {"outcome": "not_reached"},
]


class OutcomeForm(BaseModel):
    """What came of a contact; `occurred_on` is the day of it, today if not given.

    `satisfaction` runs from 1 (worst) to 5, of someone who was reached. Who left tells why; who left for another job
    has `changed_job`, and resigned if no reason is given. Both may tell the last day (`ended_on`, the contact's day if
    not given).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": _OUTCOMES})

    outcome: Outcome
    satisfaction: int | None = Field(None, ge=1, le=5)
    reason: EmploymentEnd | None = None
    ended_on: Day | None = None
    occurred_on: Day | None = None


class ContactRow(OutcomeForm):
    """What came of a contact, as a row: the contact is named by its placement and step."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "placement_id": "0190c0de-0000-7000-8000-000000000006",
                    "step": "1m",
                    "outcome": "still_employed",
                    "satisfaction": 4,
                    "occurred_on": "2009-03-17",
                }
            ]
        },
    )

    placement_id: UUID
    step: FollowUpStep


class EndingForm(BaseModel):
    """That an employment has ended; `occurred_on` is the day it ended, today if not given. `changed_job`: the seeker
    has another job, and does not go back into the pool."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"reason": "contract_ended"}]}
    )

    reason: EmploymentEnd
    changed_job: bool = False
    occurred_on: Day | None = None


@dataclass(frozen=True, slots=True)
class PlanContacts:
    placed: Placed
    steps: tuple[FollowUpStep, ...]

    def touches(self) -> tuple[Ref[Employment], Ref[ServedPerson], Ref[StayingRecord]]:
        seeker_id = self.placed.seeker_id
        return Ref(Employment, self.placed.placement_id), Ref(ServedPerson, seeker_id), Ref(StayingRecord, seeker_id)


@dataclass(frozen=True, slots=True)
class CancelContacts:
    placement_id: PlacementId

    def touches(self) -> tuple[Ref[Employment]]:
        return (Ref(Employment, self.placement_id),)


@dataclass(frozen=True, slots=True)
class ForgetEmployments:
    seeker_id: SeekerId

    def touches(self) -> tuple[Ref[EmploymentsOf], Ref[ServedPerson]]:
        return Ref(EmploymentsOf, self.seeker_id), Ref(ServedPerson, self.seeker_id)


@dataclass(frozen=True, slots=True)
class EndWithNextJob:
    """`on` is the first day of the job that the seeker went on to."""

    placement_id: PlacementId
    on: date

    def touches(self) -> tuple[Ref[Employment]]:
        return (Ref(Employment, self.placement_id),)


@dataclass(frozen=True, slots=True)
class AnnounceContacts:
    placement_id: PlacementId

    def touches(self) -> tuple[Ref[Employment]]:
        return (Ref(Employment, self.placement_id),)


@dataclass(frozen=True, slots=True)
class RecordContact:
    contact_id: ContactId
    form: OutcomeForm

    def touches(self) -> tuple[Ref[Employment]]:
        return (Ref(Employment, EmploymentOf(self.contact_id)),)


@dataclass(frozen=True, slots=True)
class RecordStep:
    row: ContactRow

    def touches(self) -> tuple[Ref[Employment]]:
        return (Ref(Employment, PlacementId(self.row.placement_id)),)


@dataclass(frozen=True, slots=True)
class EndEmployment:
    placement_id: PlacementId
    form: EndingForm

    def touches(self) -> tuple[Ref[Employment]]:
        return (Ref(Employment, self.placement_id),)
