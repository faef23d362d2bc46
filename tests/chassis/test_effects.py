"""What a batch does beside the states that it keeps, and what is only looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from chassis.batch.aggregates import Look, Ref, Stores
from chassis.batch.clock import SystemClock
from chassis.batch.command_batch import CommandHandler
from chassis.batch.decisions import Accepted, Decision, Now, Outcome
from chassis.batch.effects import AtOnce, Doer, Doers, Effect
from chassis.batch.wiring import wired
from chassis.database.db import Connection, Pool
from tests.chassis import counting
from tests.chassis.counting import Counter, CounterStore, Raise, asked

HIGH = 100

BIRTHS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
"""How many locks of what has no row yet a transaction holds."""


@dataclass(frozen=True, slots=True)
class Lifted(Effect):
    """That a counter stands so much higher in the table than anybody decided."""

    name: str


@dataclass(frozen=True, slots=True)
class Dropped(AtOnce):
    name: str


class LiftCounters(Doer[Lifted]):
    async def do(self, conn: Connection, effects: Sequence[Lifted]) -> None:
        names = [lifted.name for lifted in effects]
        await conn.execute("UPDATE counter SET value = value + $2 WHERE name = ANY($1)", names, HIGH)


class DropCounters(Doer[Dropped]):
    async def do(self, conn: Connection, effects: Sequence[Dropped]) -> None:
        await conn.execute("DELETE FROM counter WHERE name = ANY($1)", [dropped.name for dropped in effects])


@dataclass(frozen=True, slots=True)
class Sum:
    """What all counters come to."""

    value: int


class SumStore(Look[Sum]):
    def key(self, state: Sum) -> str:
        return "sum"

    async def load(self, conn: Connection, keys: Sequence[str]) -> Mapping[str, Sum]:
        total = await conn.fetchval("SELECT sum(value) FROM counter")
        return {"sum": Sum(total)} if total else {}


@dataclass(frozen=True, slots=True)
class Lift:
    name: str

    def touches(self) -> tuple[()]:
        return ()


@dataclass(frozen=True, slots=True)
class Drop:
    name: str

    def touches(self) -> tuple[()]:
        return ()


@dataclass(frozen=True, slots=True)
class RaiseToSum:
    """Make a counter what all come to, and one more."""

    name: str

    def touches(self) -> tuple[Ref[Sum]]:
        return (Ref(Sum, "sum"),)


def lift(command: Lift, now: Now) -> Decision:
    return Accepted(effects=(Lifted(command.name),))


def drop(command: Drop, now: Now) -> Decision:
    return Accepted(effects=(Dropped(command.name),))


def raise_to_sum(total: Sum | None, command: RaiseToSum, now: Now) -> Decision:
    known = total.value if total else 0
    return Accepted((Counter(command.name, known + 1), Sum(known + known + 1)), answer={"value": known + 1})


STORES: Stores = {Sum: SumStore(), Counter: CounterStore()}
DOERS: Doers = {Lifted: LiftCounters(), Dropped: DropCounters()}
DECIDERS = ({Lift: lift, Drop: drop, RaiseToSum: raise_to_sum}, counting.DECIDERS)


@pytest.fixture
def handler(pool: Pool) -> CommandHandler:
    return CommandHandler(STORES, wired(DECIDERS, STORES, DOERS), SystemClock(), pool, doers=DOERS)


def _values(outcomes: Sequence[Outcome]) -> list[int]:
    return [one.answer["value"] for one in outcomes if isinstance(one, Accepted) and one.answer]


async def test_effects_are_done_once_each_after_all_states_of_the_batch_are_kept(
    handler: CommandHandler, pool: Pool
) -> None:
    outcomes = await handler.run([asked(Lift("a")), asked(Raise("a")), asked(Raise("a"))])
    assert _values(outcomes) == [1, 2]
    assert await pool.fetchval("SELECT value FROM counter WHERE name = 'a'") == 2 + HIGH


async def test_what_is_taken_away_at_once_is_gone_for_the_next_command_with_all_that_was_decided_before(
    handler: CommandHandler, pool: Pool
) -> None:
    batch = [Raise("a"), Raise("b"), Lift("b"), Raise("a"), Drop("a"), Raise("a"), Raise("b")]
    outcomes = await handler.run([asked(command) for command in batch])
    assert _values(outcomes) == [1, 1, 2, 1, 2 + HIGH]
    rows = await pool.fetch("SELECT name, value FROM counter ORDER BY name")
    assert [tuple(row) for row in rows] == [("a", 1), ("b", 2 + HIGH)]


async def test_a_look_shows_the_next_command_what_the_one_before_made_of_it(
    handler: CommandHandler, pool: Pool
) -> None:
    await handler.run([asked(Raise("a"))])
    assert _values(await handler.run([asked(RaiseToSum("b")), asked(RaiseToSum("c"))])) == [2, 4]
    assert await pool.fetchval("SELECT sum(value) FROM counter") == 7


async def test_a_look_at_what_is_not_there_takes_no_lock(handler: CommandHandler, pool: Pool) -> None:
    async with pool.acquire() as conn, conn.transaction():
        await handler.handle(conn, [asked(RaiseToSum("a"))])
        assert await conn.fetchval(BIRTHS) == 0
        await handler.handle(conn, [asked(Raise("b"))])
        assert await conn.fetchval(BIRTHS) == 1


async def test_what_only_has_effects_is_told_as_a_change(handler: CommandHandler, pool: Pool) -> None:
    told: list[None] = []
    telling = CommandHandler(
        STORES, wired(DECIDERS, STORES, DOERS), SystemClock(), pool, committed=lambda: told.append(None), doers=DOERS
    )
    await telling.run([asked(Lift("a"))])
    assert len(told) == 1
