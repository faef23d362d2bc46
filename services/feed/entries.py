"""A partner's log: its end, and what is entered into it.

A partner has one order of its own, numbered without gaps under its lock. Each entry has a mark that is a hash of the
mark before it, so that an entry's number and mark name all that was entered up to it: in a log that was restored, or
made anew, another history never has the same.
"""

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple
from uuid import UUID

from chassis.batch.effects import Effect

MARK_BYTES = 8


class Position(NamedTuple):
    """The place of an entry in a partner's log; the number 0 is the beginning."""

    number: int
    mark: bytes

    def __str__(self) -> str:
        return f"{self.number}-{self.mark.hex()}"


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner, by the subject of its tokens: its secret, and where its log ends."""

    partner: str
    secret: bytes
    end: Position

    @classmethod
    def new(cls, partner: str, secret: bytes) -> "Partner":
        """Give a partner with an empty log; the secret is random, and 16 bytes or more."""
        return cls(partner, secret, Position(0, beginning(secret)))

    def after(self, event_id: UUID) -> "Partner":
        """Give the partner with one more entry in its log, made of an event."""
        mark = hashlib.sha256(self.end.mark + event_id.bytes).digest()[:MARK_BYTES]
        return replace(self, end=Position(self.end.number + 1, mark))

    def pseudonym(self, of: str) -> UUID:
        """Give the id by which this partner, and no other, knows what has an id here."""
        return UUID(bytes=hmac.digest(self.secret, of.encode(), "sha256")[:16], version=4)


def beginning(secret: bytes) -> bytes:
    """Give the mark of an empty log."""
    return hashlib.sha256(secret).digest()[:MARK_BYTES]


class Origin(NamedTuple):
    """The record that an entry is made of."""

    topic: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class Entry(Effect):
    """What is entered: an event of a link, by a grant; or that passing on has ended, by no grant. `before` is the mark
    of the entry before it, `body` the CloudEvent as the partner reads it."""

    partner: str
    position: Position
    before: bytes
    type: str
    occurred_on: date
    body: bytes
    link_id: UUID | None = None
    grant_id: UUID | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class EmptiedLinks(Effect):
    """That nothing of a link is passed on any more: what its entries tell is gone."""

    link_id: UUID


@dataclass(frozen=True, slots=True)
class EmptiedByConsent(Effect):
    """That nothing of a link is passed on any more that was granted on the ground of consent and entered up to a
    number."""

    link_id: UUID
    through: int
