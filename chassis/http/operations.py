"""The operator's interface of every service: its status, its clock when simulated, its dead letters, and the events
that Kafka refuses."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict

from chassis.batch.clock import SimulatedClock
from chassis.batch.decisions import Actor
from chassis.batch.owners import EVERYBODY, NOBODY
from chassis.batch.unknown_ids import age
from chassis.database.db import CONNECT_SECONDS, Connection, Pool, lent_for_reading, reading, reading_briefly
from chassis.database.wake import Committed
from chassis.days import Day
from chassis.http.access import Door
from chassis.http.answers import json_answer
from chassis.http.calls import Call, asks, reads
from chassis.http.cursors import AfterNumber, Limit, next_number
from chassis.http.problem_responses import Problem
from chassis.problems import CLOCK_BACKWARDS, NOT_FOUND, UNKNOWN_ID
from chassis.stream import dead_letters, sending
from chassis.stream.record_batch import RecordBatches

OPERATOR = ("operator",)
NumberedId = Annotated[int, Path(ge=1, le=2**63 - 1)]
"""Of a column that is a bigint: PostgreSQL's client can't write a larger one."""

StatusOf = Callable[[Connection], Awaitable[Mapping[str, Any]]]
"""Reads what a service's status tells of something of its own."""

router = APIRouter(tags=["operations"])


class ClockDay(BaseModel):
    """The day to move a simulated clock to."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"day": "2009-01-28"}]})

    day: Day


def pool_of(request: Request) -> Pool:
    """Give the pool of the process that is asked."""
    return request.app.state.pool


def _committed(request: Request) -> None:
    """Have the relay and the due work woken."""
    committed: Committed = request.app.state.committed
    committed()


@router.get("/status")
async def status(request: Request, _: Actor = reads(Door(OPERATOR, NOBODY))) -> Response:
    """Tell the clock, the outbox's depth, of how much it may hold, and how long its oldest event has waited, what was
    published and what Kafka refuses, where consumption stands, dead letters, and what a service has of its own."""
    state = request.app.state
    async with (
        lent_for_reading(pool_of(request)) as conn,
        conn.transaction(isolation="repeatable_read", readonly=True),
        reading_briefly(conn),
    ):
        clock = await state.clock.now(conn)
        outbox: int = await conn.fetchval("SELECT count(*) FROM outbox") or 0
        oldest = await sending.oldest(conn)
        unsent = await conn.fetchrow(
            """SELECT count(*) FILTER (WHERE state = 'dead') AS dead,
                      count(*) FILTER (WHERE state = 'parked') AS parked FROM unsent_event"""
        )
        published = await conn.fetch("SELECT topic, sum(last)::bigint AS n FROM outbox_sequence GROUP BY topic")
        consumers = await conn.fetch(
            """SELECT topic, partition, next_offset, end_offset, greatest(end_offset - next_offset, 0) AS lag,
                      read_through, checked_at, lost, lost_at,
                      round(extract(epoch FROM clock_timestamp() - checked_at)::numeric, 1)::float AS not_looked_seconds
               FROM consumer_offset ORDER BY topic, partition"""
        )
        letters = await conn.fetchrow(
            """SELECT count(*) FILTER (WHERE state = 'dead') AS dead,
                      count(*) FILTER (WHERE state = 'parked') AS parked FROM dead_letter"""
        )
        due = await conn.fetch("SELECT work, day FROM due_through")
        own = {name: await read(conn) for name, read in state.status.items()}
        moment = await conn.fetchval("SELECT clock_timestamp()")
    done = {row["work"]: row["day"] for row in due}
    limit: int = state.settings.outbox_limit
    due_through = min(done.values()) if done.keys() >= state.due_kinds and done else None
    return json_answer(
        {
            "service": state.service,
            "listens": state.listens,
            "at": moment,
            "clock": {"mode": state.clock.mode, "day": clock.day},
            "outbox": outbox,
            "outbox_limit": limit,
            "outbox_percent": 100 * outbox // limit,
            "outbox_seconds": round(age(oldest), 1) if oldest else 0,
            "unsent_events": dict(unsent or {}),
            "published": {row["topic"]: row["n"] for row in published},
            "consumers": [dict(row) for row in consumers],
            "dead_letters": dict(letters or {}),
            "due_through": due_through if state.due_kinds else clock.day,
            **own,
        }
    )


@router.post("/clock")
async def move_clock(body: ClockDay, request: Request, _: Call = asks(Door(OPERATOR, NOBODY))) -> Response:
    """Move the simulated clock to a day, never backwards; there is no such address with the system's clock."""
    clock = request.app.state.clock
    if not isinstance(clock, SimulatedClock):
        raise Problem(NOT_FOUND, "this service runs on the system's clock")
    async with pool_of(request).acquire(timeout=CONNECT_SECONDS) as conn:
        day = await clock.move(conn, body.day)
    _committed(request)
    if day != body.day:
        raise Problem(CLOCK_BACKWARDS, f"the clock already stands at {day}", "day")
    return json_answer({"day": day})


@router.get("/dead-letters")
async def list_dead_letters(
    request: Request, limit: Limit = 100, after: AfterNumber = 0, _: Actor = reads(Door(OPERATOR, EVERYBODY))
) -> Response:
    """List the dead letters, oldest first; `next` is what to give as `after` for the following ones, null at the
    end."""
    async with reading(pool_of(request)) as conn:
        found = await dead_letters.listed(conn, limit, after)
    return json_answer(
        {"letters": [dict(row) for row in found], "next": next_number(found, limit, lambda last: last["id"])}
    )


@router.get("/dead-letters/{letter_id}")
async def show_dead_letter(
    letter_id: NumberedId, request: Request, _: Actor = reads(Door(OPERATOR, EVERYBODY))
) -> Response:
    """Show a dead letter whole, and what is parked behind it: the first 500, and how many in all."""
    async with reading(pool_of(request)) as conn:
        letter = await dead_letters.shown(conn, letter_id)
    if letter is None:
        raise _no_letter(letter_id)
    return json_answer(letter)


@router.post("/dead-letters/{letter_id}/redrive")
async def redrive(letter_id: NumberedId, request: Request, _: Call = asks(Door(OPERATOR, EVERYBODY))) -> Response:
    """Apply a dead letter again, after what is older of its key, and then what is parked behind it. `stopped_at` is the
    letter that failed, with its `error`: this one, an older one, or one that was parked; null where all were
    applied. Where a topic's records don't wait for each other, the letter is applied alone."""
    batches: RecordBatches = request.app.state.record_batches
    async with pool_of(request).acquire(timeout=CONNECT_SECONDS) as conn, conn.transaction():
        found = await dead_letters.redrive(
            conn, letter_id, lambda record: batches.apply_again(conn, record), batches.unparked
        )
    _committed(request)
    if found is None:
        raise _no_letter(letter_id)
    return json_answer({"applied": letter_id in found.applied, **_stop(found)})


@router.post("/dead-letters/{letter_id}/discard")
async def discard(letter_id: NumberedId, request: Request, _: Call = asks(Door(OPERATOR, EVERYBODY))) -> Response:
    """Give up a dead letter, and apply what is parked behind it. `stopped_at` is the next of its key that failed, with
    its `error`; null where none did."""
    batches: RecordBatches = request.app.state.record_batches
    async with pool_of(request).acquire(timeout=CONNECT_SECONDS) as conn, conn.transaction():
        found = await dead_letters.discard(
            conn, letter_id, lambda record: batches.apply_again(conn, record), batches.unparked
        )
    _committed(request)
    if found is None:
        raise _no_letter(letter_id)
    return json_answer({"discarded": True, **_stop(found)})


def _stop(driven: dead_letters.Driven) -> Mapping[str, Any]:
    stop = driven.stop
    return {"error": stop and stop.error, "stopped_at": stop and stop.letter_id}


@router.get("/unsent-events")
async def list_unsent_events(
    request: Request, limit: Limit = 100, after: AfterNumber = 0, _: Actor = reads(Door(OPERATOR, EVERYBODY))
) -> Response:
    """List the events that Kafka refused, oldest first; `next` is what to give as `after` for the following ones, null
    at the end. Later events of the same key are parked behind each."""
    async with reading(pool_of(request)) as conn:
        found = await sending.unsent(conn, limit, after)
    return json_answer(
        {"events": [dict(row) for row in found], "next": next_number(found, limit, lambda last: last["id"])}
    )


@router.post("/unsent-events/{unsent_id}/redrive")
async def send_again(unsent_id: NumberedId, request: Request, _: Call = asks(Door(OPERATOR, EVERYBODY))) -> Response:
    """Have an event that Kafka refused sent again, and what is parked behind it, under the same ids and sequences. One
    that is refused again is listed again."""
    async with pool_of(request).acquire(timeout=CONNECT_SECONDS) as conn, conn.transaction():
        moved = await sending.send_again(conn, unsent_id)
    _committed(request)
    if not moved:
        raise Problem(UNKNOWN_ID, f"there is no event {unsent_id} that Kafka refused", "unsent_id")
    return json_answer({"moved": moved})


def _no_letter(letter_id: int) -> Problem:
    return Problem(UNKNOWN_ID, f"there is no dead letter {letter_id}", "letter_id")
