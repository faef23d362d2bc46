"""Topic `jobplus.counsellors`, keyed by the counsellor: who is in service."""

from typing import ClassVar, Literal

from contracts.codes import ClientGroup
from contracts.event import Event
from contracts.ids import CounsellorId
from contracts.topics import COUNSELLORS, Topic


class _OfCounsellor(Event):
    topic: ClassVar[Topic] = COUNSELLORS
    key_field: ClassVar[str] = "counsellor_id"
    stability: ClassVar[Literal["draft", "stable"]] = "stable"

    counsellor_id: CounsellorId


class CounsellorJoined(_OfCounsellor):
    """A counsellor is in service from `occurred_on` on, for the client groups named."""

    groups: tuple[ClientGroup, ...]


class CounsellorLeft(_OfCounsellor):
    """A counsellor is out of service from `occurred_on` on."""
