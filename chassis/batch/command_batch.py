"""The one way in: commands are decided and kept as a batch, in one transaction with their events.

    load the aggregates (set-based, locked in key order) -> judge whether they are the asker's own, where that is asked
    -> decide, pure, one command after the other
    -> keep the states, do the effects, then the events in the outbox

A decision that takes records away, by an effect that is done at once, or on which others of the kind rest, is kept
before the next command is decided, and what comes after it is loaded anew.

The same handler serves HTTP requests that arrive together (`GroupCommit`), a bulk import (`run`) and Kafka's
records (`handle`, inside the consumer's own transaction).
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

import asyncpg
import orjson
import structlog

from chassis.batch import idempotency
from chassis.batch.aggregates import Loaded, Ref, Stores
from chassis.batch.clock import Clock, Instant
from chassis.batch.decisions import (
    Accepted,
    Asked,
    Decision,
    Failed,
    IdempotencyKey,
    ImportedRow,
    Key,
    Now,
    Outcome,
    PublishedEvent,
    Refused,
    Remembered,
    Unknown,
)
from chassis.batch.effects import AtOnce, Doers, Effects
from chassis.batch.owners import Owner
from chassis.batch.taken_rows import ERASED, TakenRows
from chassis.batch.unknown_ids import FormerIds, no_former_ids, unknown_ids
from chassis.database.db import (
    AWAY,
    CONFLICTS,
    OUT_OF_REACH,
    Connection,
    Lend,
    Pool,
    Unavailable,
    lent_for_commands,
    may_pass,
)
from chassis.database.wake import Committed, nobody
from chassis.problems import KEY_REUSED, ROW_CHANGED, ROW_ERASED
from chassis.stream import outbox

log = structlog.get_logger()

Decider = Callable[..., Decision]
Deciders = Mapping[type[Any], Decider]
"""Which rule decides which command: called with the states that the command touches, the command, and now."""


class Claim(NamedTuple):
    """What somebody asks who is held to their own records, and the states that it touches."""

    asked: Asked
    states: tuple[Any, ...]


HIDDEN = "hidden"
"""The verdict that a record isn't the asker's, who is to find nothing there."""

Verdict = Refused | Literal["hidden"] | None
"""None: it is theirs."""

Judge = Callable[[Connection, Sequence[Claim], date], Awaitable[Sequence[Verdict]]]
"""Tells of claims by one owner rule, on a day, whether each is on what is the asker's own; under the records' locks."""

Judges = Mapping[Owner, Judge]

MOST_ATTEMPTS = 8
TURN = 50
"""After so many commands whatever else this process has to do gets its turn: thousands of rows, decided at a stretch,
would keep everybody waiting for seconds."""


class CommandHandler:
    """Decides and keeps batches of one service's commands."""

    def __init__(
        self,
        stores: Stores,
        deciders: Deciders,
        clock: Clock,
        pool: Pool,
        former_ids: FormerIds = no_former_ids,
        committed: Committed = nobody,
        judges: Judges | None = None,
        taken_rows: TakenRows | None = None,
        opened_on: date | None = None,
        doers: Doers | None = None,
        lend: Lend = lent_for_commands,
    ) -> None:
        self._lend = lend
        self._doers = doers or {}
        self._opened_on = opened_on
        self._taken_rows = taken_rows or TakenRows()
        self._judges = judges or {}
        self._stores = stores
        self._deciders = deciders
        self._clock = clock
        self._pool = pool
        self._former_ids = former_ids
        self._committed = committed

    async def run(self, asked: Sequence[Asked]) -> list[Outcome]:
        """Handle a batch in a transaction of its own; one that the database refuses is halved, until
        only the culprit is left.

        Raises Unavailable when PostgreSQL is away: then it is not known whether the batch was kept, and asking
        again with the same idempotency keys settles it.
        """
        collided = False
        for attempt in range(MOST_ATTEMPTS):
            try:
                async with self._lend(self._pool) as conn:
                    async with conn.transaction():
                        outcomes = await self.handle(conn, asked)
                    if any(isinstance(one, Accepted) and (one.states or one.effects or one.events) for one in outcomes):
                        self._committed()
                    return outcomes
            except CONFLICTS:
                await asyncio.sleep(random.uniform(0, 0.01 * 2**attempt))
            except (*AWAY, asyncpg.PostgresError) as error:
                if may_pass(error):
                    log.warning("unavailable", kind=type(error).__name__)
                    raise Unavailable(OUT_OF_REACH) from error
                if len(asked) > 1:
                    half = len(asked) // 2
                    return [*await self.run(asked[:half]), *await self.run(asked[half:])]
                if collided or not isinstance(error, asyncpg.IntegrityConstraintViolationError):
                    log.error("command_failed", command=type(asked[0].command).__name__, error=str(error))
                    return [Failed(error)]
                collided = True
                # Someone else kept the same at the same time: what they kept can be read now.
        raise Unavailable("too many others change the same records")

    async def try_out(self, asked: Sequence[Asked]) -> list[Outcome]:
        """Tell what `run` would do with a batch as things stand, and keep nothing of it (raises Unavailable, and what
        is in CONFLICTS: then it may be tried again).

        What the database itself would refuse is found by halves, so that each row still sees those before it.
        """
        try:
            async with self._lend(self._pool) as conn:
                trying = conn.transaction()
                await trying.start()
                try:
                    return await self._try(conn, asked)
                finally:
                    await trying.rollback()
        except AWAY as error:
            log.warning("unavailable", kind=type(error).__name__)
            raise Unavailable("nothing can be tried out at the moment") from error

    async def _try(self, conn: Connection, asked: Sequence[Asked]) -> list[Outcome]:
        try:
            async with conn.transaction():
                return await self.handle(conn, asked)
        except asyncpg.PostgresError as error:
            if may_pass(error):
                raise
            if len(asked) == 1:
                return [Failed(error)]
            half = len(asked) // 2
            return [*await self._try(conn, asked[:half]), *await self._try(conn, asked[half:])]

    async def handle(self, conn: Connection, asked: Sequence[Asked]) -> list[Outcome]:
        """Handle a batch inside the caller's transaction; gives an outcome for each command, in order."""
        instant = await self._clock.now(conn)
        known = await self._recalled(conn, asked)
        touched = [one.command.touches() for one in asked]
        loaded, effects = await self._load(conn, touched), Effects(self._doers)
        verdicts = await self._judged(conn, asked, touched, loaded, instant)

        outcomes: list[Outcome | Unknown] = []
        events: list[outbox.Outgoing] = []
        answers: list[tuple[IdempotencyKey, bytes]] = []
        taken: list[tuple[ImportedRow, bytes, Sequence[PublishedEvent]]] = []
        for place, (one, refs) in enumerate(zip(asked, touched, strict=True), 1):
            if place % TURN == 0:
                await asyncio.sleep(0)
            if one.key and (before := known.get(one.key.named)):
                outcomes.append(_repeated(one.key, before))
                continue
            decision = self._decide(one, refs, loaded, instant, verdicts.get(place - 1))
            if isinstance(decision, Accepted):
                try:
                    because = one.correlation_id, one.causation_id, one.traceparent
                    published = [outbox.outgoing(e, *because) for e in decision.events]
                    answer = orjson.dumps(decision.answer, default=str)
                except (ValueError, TypeError) as error:
                    log.exception("decision_unwritable", command=type(one.command).__name__)
                    outcomes.append(Failed(error))
                    continue
                loaded.put(decision.states)
                effects.put(decision.effects)
                takes_away = any(isinstance(effect, AtOnce) for effect in decision.effects)
                if takes_away or loaded.is_outdated_by(decision.states):
                    await loaded.save(conn)
                    await effects.do(conn)
                    loaded = await self._load(conn, touched[place:])
                events.extend(published)
                if isinstance(one.key, ImportedRow):
                    taken.append((one.key, answer, decision.events))
                elif one.key:
                    answers.append((one.key, answer))
                if one.key:
                    known[one.key.named] = Remembered(one.key.request_hash, answer)
            outcomes.append(decision)

        await loaded.save(conn)
        await effects.do(conn)
        await outbox.append(conn, events, answers)
        if taken:
            await self._taken_rows.keep(conn, taken)
        return await unknown_ids(conn, outcomes, self._former_ids)

    async def _recalled(self, conn: Connection, asked: Sequence[Asked]) -> dict[tuple[str, ...], Remembered]:
        """Look up what was answered before to those who come with a name."""
        known: dict[tuple[str, ...], Remembered] = {}
        if rows := [one.key for one in asked if isinstance(one.key, ImportedRow)]:
            known.update(await self._taken_rows.recall(conn, rows))
        if keys := [one.key for one in asked if isinstance(one.key, IdempotencyKey)]:
            known.update(await idempotency.recall(conn, keys))
        return known

    async def _load(self, conn: Connection, touched: Sequence[Sequence[Ref[Any]]]) -> Loaded:
        loaded = Loaded(self._stores)
        await loaded.load(conn, [ref for refs in touched for ref in refs])
        return loaded

    async def _judged(
        self,
        conn: Connection,
        asked: Sequence[Asked],
        touched: Sequence[Sequence[Ref[Any]]],
        loaded: Loaded,
        instant: Instant,
    ) -> dict[int, Verdict]:
        """Tell of those commands whose askers are held to their own, by place, whether they touch what is theirs."""
        held: dict[Owner, list[int]] = {}
        for place, one in enumerate(asked):
            if one.owner is not None:
                held.setdefault(one.owner, []).append(place)
        verdicts: dict[int, Verdict] = {}
        for owner, places in held.items():
            claims = [Claim(asked[place], tuple(loaded[ref] for ref in touched[place])) for place in places]
            verdicts.update(zip(places, await self._judges[owner](conn, claims, instant.day), strict=True))
        return verdicts

    def _decide(
        self, one: Asked, refs: Sequence[Ref[Any]], loaded: Loaded, instant: Instant, verdict: Verdict
    ) -> Decision | Failed:
        if isinstance(verdict, Refused):
            return verdict
        now = Now(instant.at, instant.day, one.actor, one.imported, self._opened_on)
        states = (None if verdict == HIDDEN else loaded[ref] for ref in refs)
        try:
            return self._deciders[type(one.command)](*states, one.command, now)
        except Exception as error:  # a rule that breaks fails its own command, never its neighbours
            log.exception("rule_broke", command=type(one.command).__name__)
            return Failed(error)


def _repeated(key: Key, before: Remembered) -> Outcome:
    if before is ERASED:
        return Refused(ROW_ERASED, "its person was erased since it was taken: it is not taken again", field="ref")
    if before.request_hash == key.request_hash:
        return Accepted(answer=orjson.loads(before.answer), before=True)
    if isinstance(key, ImportedRow):
        told = "it was taken before and says something else by now: change the record itself, not the row"
        return Refused(ROW_CHANGED, told, field="ref")
    return Refused(KEY_REUSED, "another request was accepted under this key", field="Idempotency-Key")
