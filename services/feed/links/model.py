"""A link, and the one-time code by which one can be made."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from chassis.batch.aggregates import Find
from chassis.batch.effects import Effect
from contracts.ids import SeekerId


@dataclass(frozen=True, slots=True)
class Link:
    """That a partner's client number stands for a seeker, until `ended_at`. An ended one stays, so that it can be told
    what was passed on; of who was erased it names nobody."""

    link_id: UUID
    partner: str
    client_number: str
    seeker_id: SeekerId | None
    linked_at: datetime
    linked_by: str
    ended_at: datetime | None = None

    def ended(self, at: datetime) -> "Link":
        """Give it ended."""
        return replace(self, ended_at=at)


@dataclass(frozen=True, slots=True)
class StandingLink(Find):
    """The link that stands of a partner's client number."""

    partner: str
    client_number: str


@dataclass(frozen=True, slots=True)
class LinkOfPerson(Find):
    """The link that stands between a partner and a seeker."""

    partner: str
    seeker_id: SeekerId


@dataclass(frozen=True, slots=True)
class LinkByCode(Find):
    """The link that stands between the partner and the seeker of a code."""

    digest: bytes


@dataclass(frozen=True, slots=True)
class Code:
    """A code that a resident may give to a partner, once. Only its hash is kept."""

    digest: bytes
    partner: str
    seeker_id: SeekerId
    until: datetime
    used: bool = False


@dataclass(frozen=True, slots=True)
class ForgottenPerson(Effect):
    """That nothing is kept of a seeker: whose a link was, what was passed on by it, and for whom a code is."""

    seeker_id: SeekerId


def digest_of(code: str) -> bytes:
    """Give what is kept of a code; how it is parted and written says nothing."""
    return hashlib.sha256("".join(filter(str.isalnum, code.upper())).encode()).digest()
