"""What may be asked about SOS-Care, and what follows from a placement."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from chassis.batch.aggregates import Ref
from chassis.days import Day
from contracts.ids import SeekerId
from contracts.seekers import SosCareEnd
from services.intake.seekers.model import InSosCare, Seeker
from services.intake.sos_care.model import Grant, Hardship

_EXAMPLES: list[Any] = [{}, {"hardship": "illness"}]


class TriageForm(BaseModel):
    """Someone asks for SOS-Care; what they have declared is judged, as of `occurred_on` (today if not given).

    `hardship` is for what the record can't know.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": _EXAMPLES})

    hardship: Hardship | None = None
    occurred_on: Day | None = None


class SosCareEndingForm(BaseModel):
    """Why SOS-Care ends; `occurred_on` is today if not given.

    A placement in a private job ends it by itself; `private_job` is for a job that the centre has no placement of.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"reason": "no_longer_in_hardship"}]}
    )

    reason: SosCareEnd
    occurred_on: Day | None = None


@dataclass(frozen=True, slots=True)
class TriageSeeker:
    triage_id: UUID
    seeker_id: SeekerId
    form: TriageForm

    def touches(self) -> tuple[Ref[Seeker]]:
        return (Ref(Seeker, self.seeker_id),)


@dataclass(frozen=True, slots=True)
class EndSosCare:
    seeker_id: SeekerId
    form: SosCareEndingForm

    def touches(self) -> tuple[Ref[Seeker], Ref[Grant]]:
        return Ref(Seeker, self.seeker_id), Ref(Grant, self.seeker_id)


@dataclass(frozen=True, slots=True)
class EndSosCareWithJob:
    """`on` is the private job's first day, and `at` when it was recorded, `knowing` that the seeker was in SOS-Care or
    not. Most aren't, whose records nobody looks into."""

    seeker_id: SeekerId
    on: date
    at: datetime
    knowing: bool

    def touches(self) -> tuple[Ref[Seeker], Ref[Grant]]:
        return Ref(Seeker, InSosCare(self.seeker_id)), Ref(Grant, InSosCare(self.seeker_id))
