"""Topic `jobplus.counselling`, keyed by the client (the seeker's id where registered): sessions and launches."""

from typing import ClassVar, Literal
from uuid import UUID

from contracts.codes import Channel, ClientGroup, Occupation, SessionKind
from contracts.event import Event
from contracts.ids import CounsellorId, LaunchId, SessionId
from contracts.profile import Bands
from contracts.topics import COUNSELLING, Topic


class _OfClient(Event):
    topic: ClassVar[Topic] = COUNSELLING
    key_field: ClassVar[str] = "client_id"

    client_id: UUID


class CounsellorAssigned(_OfClient):
    """A seeker has this counsellor from `occurred_on` on, for belonging to `group`."""

    counsellor_id: CounsellorId
    group: ClientGroup
    person: Bands


class SessionHeld(_OfClient):
    """A counselling session was held. `person` is there where the client is registered; `minutes` is its length."""

    stability: ClassVar[Literal["draft", "stable"]] = "stable"

    session_id: SessionId
    registered: bool
    counsellor_id: CounsellorId
    kind: SessionKind
    channel: Channel
    minutes: int
    person: Bands | None = None


class BusinessLaunched(_OfClient):
    """A client of start-up counselling launched a business."""

    stability: ClassVar[Literal["draft", "stable"]] = "stable"

    launch_id: LaunchId
    occupation: Occupation | None = None
    person: Bands | None = None
