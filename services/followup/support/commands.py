"""What may be asked about supports, and what follows from events and from the day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from chassis.batch.aggregates import Ref
from chassis.days import Day
from contracts.cases import Placed
from contracts.ids import PlacementId, SeekerId, SupportId
from services.followup.support.model import JobOfSupport, Kind, PublicJob

_EXAMPLE: dict[str, Any] = {"kind": "counselling"}


class SupportForm(BaseModel):
    """The support that a seeker had; `occurred_on` is the day of it, today if not given."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    kind: Kind
    occurred_on: Day | None = None


@dataclass(frozen=True, slots=True)
class FollowJob:
    placed: Placed

    def touches(self) -> tuple[Ref[PublicJob]]:
        return (Ref(PublicJob, self.placed.seeker_id),)


@dataclass(frozen=True, slots=True)
class EndSupport:
    """The job ended or never was."""

    seeker_id: SeekerId
    placement_id: PlacementId

    def touches(self) -> tuple[Ref[PublicJob]]:
        return (Ref(PublicJob, self.seeker_id),)


@dataclass(frozen=True, slots=True)
class EndSupportWithCare:
    """`at` is the moment at which the end of SOS-Care was recorded, or that by then it had ended."""

    seeker_id: SeekerId
    at: datetime

    def touches(self) -> tuple[Ref[PublicJob]]:
        return (Ref(PublicJob, self.seeker_id),)


@dataclass(frozen=True, slots=True)
class ForgetSupported:
    seeker_id: SeekerId

    def touches(self) -> tuple[Ref[PublicJob]]:
        return (Ref(PublicJob, self.seeker_id),)


@dataclass(frozen=True, slots=True)
class AnnounceSupport:
    seeker_id: SeekerId

    def touches(self) -> tuple[Ref[PublicJob]]:
        return (Ref(PublicJob, self.seeker_id),)


@dataclass(frozen=True, slots=True)
class GiveSupport:
    support_id: SupportId
    form: SupportForm

    def touches(self) -> tuple[Ref[PublicJob]]:
        return (Ref(PublicJob, JobOfSupport(self.support_id)),)
