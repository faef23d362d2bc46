"""The way to read personal data: who looks is taken down in the transaction of the look, before it is answered."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from uuid import UUID

from fastapi import Request

from chassis.clock import Clock
from chassis.db import CONNECT_SECONDS, Connection, Pool, reading_briefly
from chassis.decisions import Actor
from services.intake.privacy import store
from services.intake.privacy.model import Look


class Looking:
    """A look at personal data: the connection that it reads by, and who was seen."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self.seen: set[UUID] = set()

    def saw(self, seeker_ids: Iterable[UUID]) -> None:
        """Say whose data is about to be shown."""
        self.seen.update(seeker_ids)


@asynccontextmanager
async def looking(request: Request, reader: Actor, what: Look) -> AsyncGenerator[Looking]:
    """Lend a connection for a look. Answer after it: when it can't be taken down, nothing may be shown."""
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    async with pool.acquire(timeout=CONNECT_SECONDS) as conn, conn.transaction(), reading_briefly(conn):
        look = Looking(conn)
        yield look
        if look.seen:
            await store.note_reads(conn, sorted(look.seen), what, reader, await clock.now(conn))
