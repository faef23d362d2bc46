"""A tiny service for the chassis's tests: counters that may be raised, with an event each time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

import orjson

from chassis.batch.aggregates import Aggregate, Ref
from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Actor, Asked, Decision, IdempotencyKey, Now, Refused
from chassis.database.db import Connection, columns
from chassis.problems import ProblemType

TOO_HIGH = ProblemType("too-high", 409, "The counter may not go so high")

TABLES = """
CREATE TABLE counter (name text PRIMARY KEY, value int NOT NULL, tag text UNIQUE);
"""


class CountingTopic(NamedTuple):
    name: str


@dataclass(frozen=True)
class Raised:
    """A counter was raised."""

    type: ClassVar[str] = "test.Raised"
    dataschema: ClassVar[str] = "urn:jobplus:schema:test.Raised:1"
    topic: ClassVar[CountingTopic] = CountingTopic("test.counters")

    name: str
    value: int
    recorded_at: datetime
    padding: str = ""

    @property
    def key(self) -> str:
        return self.name

    def encode(self) -> bytes:
        return orjson.dumps({"name": self.name, "value": self.value, "padding": self.padding})


@dataclass(frozen=True, slots=True)
class Counter:
    name: str
    value: int
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Raise:
    """Raise a counter; `most` is the value it may reach, `tag` a name that only one counter may have."""

    name: str
    most: int = 1_000_000
    tag: str | None = None
    padding: str = ""

    def touches(self) -> tuple[Ref[Counter]]:
        return (Ref(Counter, self.name),)


@dataclass(frozen=True, slots=True)
class Break:
    """A command whose rule is broken."""

    name: str

    def touches(self) -> tuple[Ref[Counter]]:
        return (Ref(Counter, self.name),)


def raise_counter(counter: Counter | None, command: Raise, now: Now) -> Decision:
    counter = counter or Counter(command.name, 0)
    if counter.value >= command.most:
        return Refused(TOO_HIGH, f"it is {counter.value} already", "name")
    counter = replace(counter, value=counter.value + 1, tag=command.tag or counter.tag)
    event = Raised(counter.name, counter.value, now.at, command.padding)
    return Accepted((counter,), (event,), {"value": counter.value})


def broken(counter: Counter | None, command: Break, now: Now) -> Decision:
    raise ZeroDivisionError("this rule is broken")


DECIDERS: Deciders = {Raise: raise_counter, Break: broken}


class CounterStore(Aggregate[Counter]):
    def key(self, state: Counter) -> str:
        return state.name

    async def load(self, conn: Connection, keys: Sequence[str]) -> Mapping[str, Counter]:
        rows = await conn.fetch("SELECT * FROM counter WHERE name = ANY($1) ORDER BY name FOR UPDATE", keys)
        return {row["name"]: Counter(row["name"], row["value"], row["tag"]) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Counter]) -> None:
        await conn.execute(
            """INSERT INTO counter SELECT * FROM unnest($1::text[], $2::int[], $3::text[])
               ON CONFLICT (name) DO UPDATE SET value = excluded.value, tag = excluded.tag""",
            *columns([(c.name, c.value, c.tag) for c in states], 3),
        )


def asked(command: Any, key: str | None = None, request: bytes = b"request") -> Asked:
    named = IdempotencyKey("tester", key, request) if key else None
    return Asked(command, Actor("tester", "1"), "correlation", "cause", named)
