"""A counselling session."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.batch.effects import Effect
from contracts.codes import Channel
from contracts.counselling import SessionKind
from contracts.ids import CounsellorId, SessionId


@dataclass(frozen=True, slots=True)
class Session(Effect):
    """`client_id` is the seeker's id where registered."""

    session_id: SessionId
    client_id: UUID
    counsellor_id: CounsellorId
    kind: SessionKind
    channel: Channel
    minutes: int
    occurred_on: date
