"""Topic `jobplus.counsellors`, keyed by the counsellor: who is in service."""

from typing import ClassVar

from .codes import ClientGroup
from .event import Event, Stability
from .ids import CounsellorId
from .topics import COUNSELLORS, Topic


class _OfCounsellor(Event):
    topic: ClassVar[Topic] = COUNSELLORS
    key_field: ClassVar[str] = "counsellor_id"
    stability: ClassVar[Stability] = "stable"

    counsellor_id: CounsellorId


class CounsellorJoined(_OfCounsellor):
    """A counsellor is in service from `occurred_on` on."""

    korean: ClassVar[str] = "상담사 입사"

    groups: tuple[ClientGroup, ...]
    """The client groups that the counsellor is a specialist for."""


class CounsellorLeft(_OfCounsellor):
    """A counsellor is out of service from `occurred_on` on."""

    korean: ClassVar[str] = "상담사 퇴사"


class CounsellorChanged(_OfCounsellor):
    """A counsellor's client groups changed. The groups are the ones from now on; those whom they have stay theirs."""

    korean: ClassVar[str] = "상담사 정보 변경"
    stability: ClassVar[Stability] = "draft"

    groups: tuple[ClientGroup, ...]
