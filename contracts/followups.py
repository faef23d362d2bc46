"""Topic `jobplus.followups`, keyed by the seeker: care after the placement, and support in a public job."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.codes import FollowUpStep
from contracts.event import Event
from contracts.ids import ContactId, PlacementId, SeekerId
from contracts.profile import Bands
from contracts.topics import FOLLOWUPS, Topic


class _OfPlacedSeeker(Event):
    topic: ClassVar[Topic] = FOLLOWUPS
    key_field: ClassVar[str] = "seeker_id"

    seeker_id: SeekerId
    placement_id: PlacementId
    person: Bands


class FollowUpDue(_OfPlacedSeeker):
    """A contact after a placement has fallen due; published once for each, on its day."""

    stability: ClassVar[Literal["draft", "stable"]] = "stable"

    contact_id: ContactId
    step: FollowUpStep
    due_on: date


class FollowUpMade(_OfPlacedSeeker):
    """Someone tried to contact a placed seeker; `satisfaction` runs from 1 (worst) to 5."""

    stability: ClassVar[Literal["draft", "stable"]] = "stable"

    contact_id: ContactId
    step: FollowUpStep
    outcome: Literal["still_employed", "left", "changed_job", "not_reached"]
    attempt: int
    satisfaction: Annotated[int, Field(ge=1, le=5)] | None = None


class EmploymentEnded(_OfPlacedSeeker):
    """A placed seeker has left the job; `occurred_on` is the day it ended. The seeker is back in the pool."""

    stability: ClassVar[Literal["draft", "stable"]] = "stable"

    reason: Literal["resigned", "dismissed", "contract_ended", "firm_closed", "illness", "other"]


class SupportGiven(_OfPlacedSeeker):
    """A seeker in a public job had the month's support."""

    kind: Literal["counselling", "education", "training"]
