"""Topic `jobplus.counselling`, keyed by the client (the seeker's id where registered): sessions and launches."""

from typing import ClassVar, Literal
from uuid import UUID

from .codes import Channel, ClientGroup, Occupation
from .event import Event, Stability
from .ids import CounsellorId, LaunchId, SessionId
from .profile import Bands
from .topics import COUNSELLING, Topic
from .values import AtLeastOne


class _OfClient(Event):
    topic: ClassVar[Topic] = COUNSELLING
    key_field: ClassVar[str] = "client_id"

    client_id: UUID
    """The seeker's id, where the client is registered as a job seeker."""


class CounsellorAssigned(_OfClient):
    """A seeker has this counsellor from `occurred_on` on."""

    korean: ClassVar[str] = "상담사 배정"
    stability: ClassVar[Stability] = "stable"

    counsellor_id: CounsellorId
    group: ClientGroup
    """The group that the seeker was assigned by."""
    reason: Literal["registered", "handed_over", "asked", "group_changed"] | None = None
    """Why: they were on the register and had none, theirs left or is away for long, a manager said so, or they came to
    belong to a group that theirs doesn't look after."""
    person: Bands


OpeningReason = Literal["walk_in", "stand_in", "hand_over", "complaint"]
"""Why a counsellor opens the record of somebody whom another one counsels: the person stands before them; the other one
is not there; the person is to be theirs; the person complains."""


class RecordOpened(_OfClient):
    """A counsellor opened, for the day `occurred_on`, the record of a seeker whom another one counsels."""

    korean: ClassVar[str] = "타 상담사 구직자 기록 열람"
    stability: ClassVar[Stability] = "stable"

    counsellor_id: CounsellorId
    """Who opened it."""
    reason: OpeningReason
    """The reason that they stated."""


SessionKind = Literal["job", "startup"]


class SessionHeld(_OfClient):
    """A counselling session was held, on `occurred_on`. A job session has a registered client."""

    korean: ClassVar[str] = "상담"
    stability: ClassVar[Stability] = "stable"

    session_id: SessionId
    registered: bool
    """Whether the client is registered as a job seeker."""
    counsellor_id: CounsellorId
    kind: SessionKind
    channel: Channel
    minutes: AtLeastOne
    """How long it took."""
    person: Bands | None = None
    """Present where the client is registered."""


class BusinessLaunched(_OfClient):
    """A client of start-up counselling launched a business, after at least one start-up session."""

    korean: ClassVar[str] = "창업"
    stability: ClassVar[Stability] = "stable"

    launch_id: LaunchId
    occupation: Occupation | None = None
    """The occupation closest to the business."""
    person: Bands | None = None
    """Present where the client is registered."""
