"""What may be asked about contacts, and what follows from events and from the day."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from chassis.aggregates import Ref
from contracts.cases import Placed
from contracts.codes import FollowUpStep
from contracts.ids import ContactId, PlacementId
from services.followup.contacts.model import Contact, Employment, EmploymentOf

EndReason = Literal["resigned", "dismissed", "contract_ended", "firm_closed", "illness", "other"]


class OutcomeForm(BaseModel):
    """What came of a contact. Someone who left tells why, and since when (`ended_on`, the contact's day if not given).

    `satisfaction` runs from 1 (worst) to 5; `occurred_on` is today if not given.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [{"outcome": "still_employed", "satisfaction": 4}, {"outcome": "left", "reason": "resigned"}]
        },
    )

    outcome: Literal["still_employed", "left", "changed_job", "not_reached"]
    satisfaction: int | None = Field(None, ge=1, le=5)
    reason: EndReason | None = None
    ended_on: date | None = None
    occurred_on: date | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.outcome == "left" and self.reason is None:
            raise ValueError("reason: someone who left tells why")
        if self.outcome == "not_reached" and self.satisfaction is not None:
            raise ValueError("satisfaction: nobody was reached")
        return self


class EndingForm(BaseModel):
    """That an employment has ended; `occurred_on` is the day it ended, today if not given."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"reason": "contract_ended"}]}
    )

    reason: EndReason
    occurred_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlanContacts:
    placed: Placed
    steps: tuple[FollowUpStep, ...]

    def touches(self) -> tuple[Ref, ...]:
        return (Ref(Employment, self.placed.placement_id),)


@dataclass(frozen=True, slots=True)
class CancelEmployment:
    placement_id: PlacementId
    corrected_on: date

    def touches(self) -> tuple[Ref, ...]:
        return (Ref(Employment, self.placement_id),)


@dataclass(frozen=True, slots=True)
class AnnounceContact:
    contact_id: ContactId
    placement_id: PlacementId

    def touches(self) -> tuple[Ref, ...]:
        return Ref(Employment, self.placement_id), Ref(Contact, self.contact_id)


@dataclass(frozen=True, slots=True)
class RecordContact:
    contact_id: ContactId
    form: OutcomeForm

    def touches(self) -> tuple[Ref, ...]:
        return Ref(Employment, EmploymentOf(self.contact_id)), Ref(Contact, self.contact_id)


@dataclass(frozen=True, slots=True)
class EndEmployment:
    placement_id: PlacementId
    form: EndingForm

    def touches(self) -> tuple[Ref, ...]:
        return (Ref(Employment, self.placement_id),)
