"""The values that a decision is made of: who asked for what, when, and what was decided.

A rule is a pure function `decide(*states, command, now) -> Decision`. It reads no clock, no database and no
setting, so the same rule explains itself to a page, a test and a log.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, NamedTuple, Protocol
from uuid import UUID

from chassis.batch.effects import Effect
from chassis.batch.owners import Owner
from chassis.problems import DATE_BEFORE_OPENED, DATE_IN_FUTURE, VERSION_CHANGED, VERSION_MISSING, ProblemType


class Actor(NamedTuple):
    """Who did it: a role, and an id that says nothing about the person by itself.

    `own` is the record that they are themselves, a counsellor's or a firm's, where their token names one; `joining` the
    number that a firm may join by which has no record yet.
    """

    role: str
    id: str
    own: UUID | None = None
    joining: str | None = None

    def __str__(self) -> str:
        return f"{self.role}/{self.id}"


@dataclass(frozen=True, slots=True)
class Now:
    """When and by whom a command is decided.

    `at` is the moment of record (aware, UTC) and `day` the day it falls on in Seoul; both come from the clock
    port, so they may be simulated. `opened_on` is the first day of all that is recorded, None where none is set.
    """

    at: datetime
    day: date
    actor: Actor
    imported: bool = False
    opened_on: date | None = None

    def stamp(self, rule: str, occurred_on: date | None = None) -> dict[str, Any]:
        """Give the fields that every event carries, decided by `rule`; it happened today unless said otherwise."""
        return {
            "occurred_on": occurred_on or self.day,
            "recorded_at": self.at,
            "actor": {"role": self.actor.role, "id": self.actor.id},
            "rule": rule,
            "imported": self.imported,
        }


class PublishedEvent(Protocol):
    """What the outbox asks of an event: its type and schema, its topic (by `topic.name`), its key, and its JSON.

    `encode` gives None for a tombstone.
    """

    type: ClassVar[str]
    dataschema: ClassVar[str]
    topic: ClassVar[Any]

    @property
    def key(self) -> str: ...
    @property
    def recorded_at(self) -> datetime: ...
    def encode(self) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Accepted:
    """The new states to keep, the events to publish, what to tell the asker (JSON-ready), and what is done beside.

    `before`: it was accepted before, and this is what it was answered. `once` is told beside the answer to who asked
    first, and kept nowhere: a secret, of which a repeated request gets what `answer` has in its place.
    """

    states: tuple[Any, ...] = ()
    events: tuple[PublishedEvent, ...] = ()
    answer: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])
    effects: tuple[Effect, ...] = ()
    before: bool = False
    once: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Refused:
    """The rule said no: which problem, why in words, the field at fault if one is, and the facts it was judged on.

    `tells_of` is the record of somebody of whom the refusal tells something, and which the asker may not have known.
    """

    problem: ProblemType
    detail: str
    field: str | None = None
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])
    tells_of: UUID | None = None


def in_future(now: Now, field: str, day: date | None) -> Refused | None:
    """Refuse a day that hasn't come yet: only what has happened is recorded.

    It is for days of what happened elsewhere, or beforehand; those of what goes on here have `impossible_day`.
    """
    if day is not None and day > now.day:
        return Refused(DATE_IN_FUTURE, f"{field} {day} is after today, {now.day}", field)
    return None


def impossible_day(now: Now, field: str, day: date | None) -> Refused | None:
    """Refuse a day on which nothing can have gone on here: one that hasn't come yet, or before the opening day."""
    if day is not None and now.opened_on is not None and day < now.opened_on:
        return Refused(
            DATE_BEFORE_OPENED,
            f"{field} {day} is before the opening on {now.opened_on}",
            field,
            {"opened_on": now.opened_on},
        )
    return in_future(now, field, day)


def other_version(version: int, named: int | None) -> Refused | None:
    """Refuse a change that names no version of the record that it would change, or another one than it has."""
    if named is None:
        return Refused(VERSION_MISSING, "read the record, and send its ETag as If-Match", "If-Match")
    if named == version:
        return None
    return Refused(
        VERSION_CHANGED,
        f"the record has version {version}, not {named}: read it again, then change it",
        "If-Match",
        {"version": version},
    )


@dataclass(frozen=True, slots=True)
class Unknown:
    """The command names an id that this service has no record of.

    `topic` is where its owner would have announced it, None when this service itself owns such ids; `is_key` says
    whether the id is the key of that topic, and so in which partition. The answer is "not yet known" (409) while
    that topic is not provably read past the id's birth, else "unknown" (404).
    """

    field: str
    id: UUID
    topic: str | None = None
    is_key: bool = True


@dataclass(frozen=True, slots=True)
class Failed:
    """The command broke the code that decided or kept it; nothing of it was written."""

    error: Exception


Decision = Accepted | Refused | Unknown
Outcome = Accepted | Refused | Failed


class IdempotencyKey(NamedTuple):
    """A client's name for one request: whose it is, the key, and a hash of what was asked (never the body)."""

    caller: str
    key: str
    request_hash: bytes

    @property
    def named(self) -> tuple[str, ...]:
        """What it is known by."""
        return self.caller, self.key


class ImportedRow(NamedTuple):
    """The name of a row that an import brings to an address, and a hash of what the row says: the same, whoever brings
    it."""

    import_name: str
    address: str
    name: str
    request_hash: bytes

    @property
    def named(self) -> tuple[str, ...]:
        """What it is known by."""
        return self.import_name, self.address, self.name


Key = IdempotencyKey | ImportedRow
"""By what a command is done once."""


class Remembered(NamedTuple):
    """What was asked under a key (as a hash) and the JSON that was answered."""

    request_hash: bytes
    answer: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """A command, by whom and because of what. `owner` is the rule that its asker is held to, None where they aren't;
    `traceparent` is the trace that it belongs to, empty where it belongs to none."""

    command: Any
    actor: Actor
    correlation_id: str
    causation_id: str
    key: Key | None = None
    imported: bool = False
    owner: Owner | None = None
    traceparent: str = ""
