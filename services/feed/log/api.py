"""The feed over HTTP, in the shape of http-feeds.org: CloudEvents in batches after the last one that was read, by long
poll, or as server-sent events."""

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Protocol, TypeVar

import asyncpg
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from chassis.batch.clock import Clock
from chassis.batch.decisions import Actor
from chassis.database.db import Connection, Pool, lent_for_reading, reading_briefly
from chassis.http.access import Door
from chassis.http.calls import reads
from chassis.http.problem_responses import Problem
from chassis.problems import INVALID_REQUEST, ProblemType
from chassis.texts import Identifier
from contracts.passing import PassingOnEnded
from services.feed.access import OWN_CLIENTS, PARTNER
from services.feed.entries import Position
from services.feed.grants.commands import FieldName
from services.feed.grants.model import GrantsOf
from services.feed.grants.rules import NOTHING_GRANTED
from services.feed.grants.store import GrantsOfStore
from services.feed.links.commands import ClientNumber
from services.feed.links.rules import UNKNOWN_CLIENT
from services.feed.log import queries
from services.feed.log.queries import Asked, Read
from services.feed.settings import FeedSettings

TYPE_NOT_GRANTED = ProblemType("type-not-granted", 403, "Events of this type are not granted to this partner")
POSITION_LOST = ProblemType("position-lost", 410, "The log does not reach back to this position any more")

LONGEST_WAIT_MS = 15_000
"""Shorter than a request may take, and than a process may need to end."""
MOST_EVENTS = 5_000
"""Of an event's some 300 bytes: few requests for who catches up, and an answer that the process can hold."""
BATCH = "application/cloudevents-batch+json"
STREAM = "text/event-stream"

_POSITION = re.compile(r"(\d{1,18})-([0-9a-f]{16})", re.ASCII)
_AGAIN = "begin again: read GET /snapshot, then GET /feed with the lastEventId that it gives"

LastEventId = Annotated[
    str | None,
    Query(
        alias="lastEventId",
        min_length=1,
        max_length=60,
        description="the `id` of the last event that was read, or what a snapshot gave; without it from the first "
        "event that is still there",
    ),
    Identifier,
]

router = APIRouter(tags=["feed"])

Given = TypeVar("Given", covariant=True)


class Look(Protocol[Given]):
    """Reads what is asked for and notes it, alone or `beside` another who may note the same; nothing is falsy."""

    async def __call__(self, conn: Connection, asked: Asked, *, beside: bool) -> Given: ...


@dataclass(frozen=True)
class Reader:
    """Reads one partner's log, as often as it waits for more."""

    pool: Pool
    clock: Clock
    asked: Asked
    client_number: str | None
    look_seconds: float

    async def read(self, read: Look[Given]) -> Given:
        """Read what there is (raises Problem where what is asked for isn't the partner's, or isn't any more)."""
        try:
            return await self._read(read, beside=False)
        except asyncpg.UniqueViolationError:
            return await self._read(read, beside=True)

    async def _read(self, read: Look[Given], *, beside: bool) -> Given:
        async with lent_for_reading(self.pool) as conn, conn.transaction(), reading_briefly(conn, queries.BY_NUMBER):
            return await read(conn, await self._open(conn), beside=beside)

    async def check(self) -> None:
        """Refuse what `read` would (raises Problem)."""
        async with lent_for_reading(self.pool) as conn:
            await self._open(conn)

    async def _open(self, conn: Connection) -> Asked:
        partner, day = self.asked.partner, (await self.clock.now(conn)).day
        grants = (await GrantsOfStore().load(conn, [partner])).get(partner) or GrantsOf(partner, ())
        asked = self.asked._replace(grants=[grant.grant_id for grant in grants.grants if grant.stands(day)])
        granted = grants.types(day)
        if wrong := [kind for kind in asked.types or () if kind not in granted]:
            told = f"{', '.join(wrong)}: ask for what is granted: {', '.join(granted) or 'nothing'}"
            raise Problem(TYPE_NOT_GRANTED, told, "type")
        if self.client_number is None:
            return asked
        link_id = await queries.link_of(conn, asked.partner, self.client_number)
        if link_id is None:
            told = "check the number; that a link has ended is told by jobplus.PassingOnEnded, without this parameter"
            raise Problem(UNKNOWN_CLIENT, told, "client_number")
        return asked._replace(link_id=link_id)

    async def wait(self, until: float, read: Look[Given]) -> Given:
        """Read as soon as there is something, and at a moment in any case."""
        while True:
            found = await self.read(read)
            left = until - time.monotonic()
            if found or left <= 0:
                return found
            await asyncio.sleep(min(self.look_seconds, left))

    async def stream(self, until: float) -> AsyncGenerator[bytes]:
        """Give events as they come until a moment, each in the form of server-sent events."""
        reader = self
        while True:
            found = await reader.wait(until, queries.entries)
            if not found:
                yield b": end of this stream, come again\n\n"
                return
            for one in found:
                yield b"id: %s\nevent: %s\ndata: %s\n\n" % (id_of(one), one.type.encode(), one.body)
            reader = replace(reader, asked=reader.asked._replace(after=found[-1].number))


def id_of(one: Read) -> bytes:
    """Give the id of an event, which its body has as the second member."""
    return one.body.split(b'"', 8)[7]


_EVENT: dict[str, Any] = {
    "type": "object",
    "description": "A CloudEvent 1.0. Its data are those fields of its type's schema (contracts/schemas) that were "
    "granted; ids of other things than persons are the partner's own pseudonyms.",
    "required": ["specversion", "id", "source", "type", "time", "datacontenttype", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "description": "the position in the partner's log, for lastEventId"},
        "source": {"type": "string"},
        "type": {"type": "string"},
        "time": {"type": "string", "format": "date-time"},
        "subject": {"type": "string", "description": "the partner's number of the client"},
        "datacontenttype": {"const": "application/json"},
        "data": {"type": "object"},
    },
}
_ENDED: dict[str, Any] = {
    **_EVENT,
    "description": PassingOnEnded.__doc__,
    "properties": {
        **_EVENT["properties"],
        "type": {"const": PassingOnEnded.type},
        "data": PassingOnEnded.model_json_schema(),
    },
}

_RESPONSES: Mapping[int | str, dict[str, Any]] = {
    200: {
        "description": "CloudEvents (JSON), in order; none where the time was over",
        "content": {
            BATCH: {"schema": {"type": "array", "items": {"anyOf": [_ENDED, _EVENT]}}},
            STREAM: {"schema": {"type": "string"}},
        },
    }
}


@router.get("/feed", response_class=Response, responses={**_RESPONSES})
async def feed(
    request: Request,
    last_event_id: LastEventId = None,
    timeout: Annotated[
        int, Query(ge=0, le=LONGEST_WAIT_MS, description="milliseconds to wait for an event if there is none")
    ] = 0,
    type: Annotated[
        list[FieldName] | None, Query(max_length=50, description="only events of these types, each named once more")
    ] = None,
    client_number: Annotated[
        ClientNumber | None, Query(description="only of this client, while the number stands for somebody")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_EVENTS, description="the most events of a batch")] = 100,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
    last: Annotated[str | None, Header(alias="Last-Event-ID", include_in_schema=False)] = None,
    actor: Actor = reads(Door(PARTNER, OWN_CLIENTS)),
) -> Response:
    """Read what was granted, of those whom the partner's client numbers stand for, in the order of its own log.

    Come again with the `id` of the last event; nothing is lost, and what comes twice has the same id. With
    `Accept: text/event-stream` events are sent as they come."""
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    streams = STREAM in accept
    settings: FeedSettings = request.app.state.settings
    # Who lost a stream begins it again at the same address, with the id that came last in the header: it is younger.
    begun = (last or last_event_id) if streams else last_event_id
    after = await number_after(pool, actor.id, begun, settings.feed_days)
    reader = Reader(
        pool, clock, Asked(actor.id, after, (), type, None, limit), client_number, settings.feed_look_seconds
    )
    if streams:
        await reader.check()  # what is refused is refused before the stream begins
        return StreamingResponse(reader.stream(time.monotonic() + settings.feed_stream_seconds), media_type=STREAM)
    found = await reader.wait(time.monotonic() + timeout / 1000, queries.batch)
    return Response(b"[%s]" % found, media_type=BATCH)


async def number_after(pool: Pool, partner: str, given: str | None, days: int, field: str = "lastEventId") -> int:
    """Give the number after which to read, by the id of an event that a field gave (raises Problem)."""
    async with lent_for_reading(pool) as conn:
        await known_end(conn, partner)
        if given is None:
            return 0
        parts = _POSITION.fullmatch(given)
        if parts is None:
            raise Problem(INVALID_REQUEST, "it is no id that this feed gave: send one as it was given", field)
        position = Position(int(parts[1]), bytes.fromhex(parts[2]))
        if not await queries.holds(conn, partner, position, days):
            raise Problem(POSITION_LOST, _AGAIN, field)
        return position.number


async def known_end(conn: Connection, partner: str) -> Position:
    """Give where a partner's log ends (raises Problem where it has none)."""
    if (end := await queries.end_of(conn, partner)) is None:
        raise Problem(NOTHING_GRANTED, f"have the centre grant something to {partner} first")
    return end
