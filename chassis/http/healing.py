"""What an operator does where Kafka has lost history: has events published again by their owner, and tells the
consumers that stopped from where to go on."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.batch.decisions import Actor
from chassis.batch.owners import EVERYBODY
from chassis.batch.unknown_ids import born
from chassis.database.db import CONNECT_SECONDS, reading
from chassis.http.access import Door
from chassis.http.answers import json_answer
from chassis.http.calls import Call, asks, reads
from chassis.http.cursors import Limit
from chassis.http.operations import OPERATOR, NumberedId, pool_of
from chassis.http.problem_responses import Problem
from chassis.problems import NOT_LOST, UNKNOWN_ID
from chassis.stream import republishing
from chassis.stream.record import Partition
from chassis.stream.record_batch import RecordBatches
from chassis.stream.republishing import Republication
from chassis.texts import Line

router = APIRouter(tags=["operations"])

MOST_PARTITIONS = 1000
Number = Annotated[int, Field(ge=0, le=2**31 - 1)]


class Wanted(BaseModel):
    """Events to be published again: of which partitions of a topic, born since when, for which services."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "topic": "jobplus.seekers",
                    "partitions": [0, 3],
                    "services": ["reporting"],
                    "since": "2026-11-28T09:00:00+09:00",
                }
            ]
        },
    )

    topic: Line
    partitions: tuple[Number, ...] = Field(min_length=1, max_length=MOST_PARTITIONS)
    services: tuple[Line, ...] = Field(min_length=1, max_length=16)
    since: datetime | None = None


class Position(BaseModel):
    """From where a consumer that has lost history is to go on: an offset, or `begin`, where the partition's log begins
    by then."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"topic": "jobplus.seekers", "partition": 3, "offset": 4711}]},
    )

    topic: Line
    partition: Number
    offset: Annotated[int, Field(ge=0, le=2**53)] | Literal["begin"]


@router.get("/published-events/{topic}")
async def published_events(topic: Line, request: Request, _: Actor = reads(Door(OPERATOR, EVERYBODY))) -> Response:
    """Tell of a topic that this service publishes how many events it has published, how many of them it keeps, and
    since when: null where it keeps none."""
    async with reading(pool_of(request)) as conn:
        await _refuse_others(conn, topic)
        kept, oldest = await republishing.kept(conn, topic)
        published = await conn.fetchval(
            """SELECT (SELECT sum(last)::bigint FROM outbox_sequence WHERE topic = $1)
                      - (SELECT count(*) FROM outbox WHERE topic = $1)
                      - (SELECT count(*) FROM unsent_event WHERE topic = $1)""",
            topic,
        )
    since = born(oldest) if oldest else None
    return json_answer({"topic": topic, "published": published, "kept": kept, "kept_since": since})


@router.get("/published-events/{topic}/sequences")
async def sequences(
    topic: Line,
    request: Request,
    limit: Limit = 500,
    after: Line | None = None,
    _: Actor = reads(Door(OPERATOR, EVERYBODY)),
) -> Response:
    """List the last number that was given to an event of each key of a topic, by the key: numbers are dense from 1.
    `next` is what to give as `after`, null at the end."""
    async with reading(pool_of(request)) as conn:
        await _refuse_others(conn, topic)
        found = await conn.fetch(
            "SELECT key, last FROM outbox_sequence WHERE topic = $1 AND key > $2 ORDER BY key LIMIT $3",
            topic,
            after or "",
            limit,
        )
    following = found[-1]["key"] if len(found) == limit else None
    return json_answer({"sequences": [dict(row) for row in found], "next": following})


@router.post("/republications", status_code=202)
async def republish(body: Wanted, request: Request, _: Call = asks(Door(OPERATOR, EVERYBODY))) -> Response:
    """Have events of this service's own topic published again, with the ids and sequences that they had, and before
    anything else; of a compacted topic the present state of each key, anew. No other service than those named applies
    what is sent again."""
    async with pool_of(request).acquire(timeout=CONNECT_SECONDS) as conn, conn.transaction():
        await _refuse_others(conn, body.topic)
        wanted = Republication(body.topic, body.partitions, body.services, body.since)
        republication_id = await republishing.ask(conn, wanted)
    request.app.state.committed()
    return json_answer({"id": republication_id}, 202)


@router.get("/republications/{republication_id}")
async def republication(
    republication_id: NumberedId, request: Request, _: Actor = reads(Door(OPERATOR, EVERYBODY))
) -> Response:
    """Tell how far it is: `begins` is where each partition ended before the first event was sent again, null until it
    is known; `done_at` is null until all are sent."""
    async with reading(pool_of(request)) as conn:
        found = await republishing.told(conn, republication_id)
    if found is None:
        raise Problem(UNKNOWN_ID, f"nothing was asked for under {republication_id}", "republication_id")
    return json_answer(found)


@router.post("/positions")
async def position(body: Position, request: Request, _: Call = asks(Door(OPERATOR, EVERYBODY))) -> Response:
    """Have the consumer of a partition that has lost history go on at an offset: where the first event stands that was
    published again for it; or with what the log holds by then, of which nothing is applied twice. It does so by itself
    within a second or two."""
    batches: RecordBatches = request.app.state.record_batches
    offset = None if body.offset == "begin" else body.offset
    moved = await batches.positions.go_on_at(Partition(body.topic, body.partition), offset)
    if not moved:
        raise Problem(NOT_LOST, f"of {body.topic}/{body.partition} nothing is lost here", "partition")
    return json_answer({"topic": body.topic, "partition": body.partition, "offset": body.offset})


async def _refuse_others(conn: Any, topic: str) -> None:
    if not await conn.fetchval("SELECT EXISTS (SELECT FROM outbox_sequence WHERE topic = $1)", topic):
        raise Problem(UNKNOWN_ID, f"this service publishes nothing on {topic}", "topic")
