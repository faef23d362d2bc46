"""Topic `jobplus.flags`, keyed by the subject: patterns that someone must look at."""

from typing import ClassVar

from contracts.event import Event
from contracts.ids import FlagId
from contracts.topics import FLAGS, Topic


class _OfSubject(Event):
    topic: ClassVar[Topic] = FLAGS
    key_field: ClassVar[str] = "subject"

    subject: str
    flag_id: FlagId


class FlagRaised(_OfSubject):
    """A pattern was found; `pattern` is its rule's name, `events` are the ids of the events that make it up."""

    pattern: str
    events: tuple[str, ...]


class FlagCleared(_OfSubject):
    """Someone looked at a flag and found it in order, for the reason coded."""

    reason: str
