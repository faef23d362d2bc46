"""What may be asked about counselling."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from chassis.batch.aggregates import Ref
from chassis.days import Day
from contracts.codes import Channel
from contracts.counselling import SessionKind
from contracts.ids import SessionId
from services.intake.counsellors.model import Counsellor
from services.intake.seekers.model import FormerSeeker, Seeker
from services.intake.startup.model import StartupClient

_EXAMPLE: dict[str, Any] = {
    "client_id": "0190c0de-0000-7000-8000-000000000001",
    "counsellor_id": "0190c0de-0000-7000-8000-000000000002",
    "kind": "job",
    "channel": "visit",
    "minutes": 30,
}


class SessionForm(BaseModel):
    """A session that was held; `occurred_on` is today if not given.

    `registered` says whether `client_id` is a registered seeker's. Only a start-up session may have a client who
    isn't; the caller then gives any id of its own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    client_id: UUID
    registered: bool = True
    counsellor_id: UUID
    kind: SessionKind
    channel: Channel
    minutes: int = Field(ge=1, le=600)
    occurred_on: Day | None = None


@dataclass(frozen=True, slots=True)
class HoldJobSession:
    session_id: SessionId
    form: SessionForm

    def touches(self) -> tuple[Ref[Counsellor], Ref[Seeker]]:
        return Ref(Counsellor, self.form.counsellor_id), Ref(Seeker, self.form.client_id)


@dataclass(frozen=True, slots=True)
class HoldStartupSession:
    session_id: SessionId
    form: SessionForm

    def touches(self) -> tuple[Ref[Counsellor], Ref[Seeker], Ref[StartupClient]]:
        client = self.form.client_id
        return Ref(Counsellor, self.form.counsellor_id), Ref(Seeker, client), Ref(StartupClient, client)


@dataclass(frozen=True, slots=True)
class HoldUnregisteredSession:
    """A start-up session with someone who isn't registered: their id must not be that of a record that is gone."""

    session_id: SessionId
    form: SessionForm

    def touches(self) -> tuple[Ref[Counsellor], Ref[Seeker], Ref[FormerSeeker], Ref[StartupClient]]:
        client = self.form.client_id
        return (
            Ref(Counsellor, self.form.counsellor_id),
            Ref(Seeker, client),
            Ref(FormerSeeker, client),
            Ref(StartupClient, client),
        )


def hold(session_id: SessionId, form: SessionForm) -> HoldJobSession | HoldStartupSession | HoldUnregisteredSession:
    """Give the command for a session of either kind."""
    if form.kind == "job":
        return HoldJobSession(session_id, form)
    return HoldStartupSession(session_id, form) if form.registered else HoldUnregisteredSession(session_id, form)
