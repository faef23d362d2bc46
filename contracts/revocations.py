"""Topic `jobplus.revocations`, keyed by the subject: whose tokens are taken no more. For the services alone."""

from typing import ClassVar, Literal

from .event import Event, Stability
from .topics import REVOCATIONS, Topic

RevocationReason = Literal["stolen", "dismissed", "left", "other"]


class _OfSubject(Event):
    topic: ClassVar[Topic] = REVOCATIONS
    key_field: ClassVar[str] = "subject"

    subject: str
    """The `sub` of tokens: opaque, the same for the same account."""


class SubjectRevoked(_OfSubject):
    """No service takes a token of this subject any more, whatever its signature and its end."""

    korean: ClassVar[str] = "접근 권한 정지"
    stability: ClassVar[Stability] = "stable"

    reason: RevocationReason


class RevocationLifted(_OfSubject):
    """Tokens of this subject are taken again."""

    korean: ClassVar[str] = "접근 권한 정지 해제"
    stability: ClassVar[Stability] = "stable"
