"""Topic `jobplus.flags`, keyed by the subject: patterns that someone must look at."""

from typing import ClassVar
from uuid import UUID

from .event import Event
from .ids import FlagId
from .topics import FLAGS, Topic
from .values import Code


class _OfSubject(Event):
    topic: ClassVar[Topic] = FLAGS
    key_field: ClassVar[str] = "subject"

    subject: str
    """The id of the seeker, counsellor, employer or vacancy that the pattern is about."""
    flag_id: FlagId


class FlagRaised(_OfSubject):
    """A pattern was found that placement figures have been inflated by before. No verdict: someone must look."""

    korean: ClassVar[str] = "점검 표시"

    pattern: Code
    """The name of the rule that found it."""
    events: tuple[UUID, ...]
    """The ids of the events that make it up."""


class FlagCleared(_OfSubject):
    """Someone looked at a flag and found it in order."""

    korean: ClassVar[str] = "점검 표시 해제"

    reason: Code
