"""The way to read personal data: whose it is is looked at, and who looks is taken down, in the transaction of the look
and before it is answered."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from uuid import UUID

from fastapi import Request

from chassis.batch.clock import Clock
from chassis.batch.decisions import Actor
from chassis.database.db import Connection, Pool, lent_for_reading, reading_briefly
from chassis.http.calls import held, problem_of
from services.intake.owners import closed_to
from services.intake.privacy import queries, rules, store
from services.intake.privacy.model import Look, Quota


class Looking:
    """A look at personal data: the connection that it reads by, and who was seen."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self.seen: set[UUID] = set()
        self.found: set[UUID] = set()
        self.asked: set[UUID] = set()

    def asks(self, seeker_id: UUID) -> None:
        """Say of whom something is asked, which is refused to who is held to their own, also if there is nothing."""
        self.asked.add(seeker_id)

    def saw(self, seeker_ids: Iterable[UUID]) -> None:
        """Say whose data is about to be shown, which is refused to who is held to their own."""
        self.seen.update(seeker_ids)

    def came_upon(self, seeker_ids: Iterable[UUID]) -> None:
        """Say of whom so much is about to be shown as anybody finds who looks for them."""
        self.found.update(seeker_ids)


@asynccontextmanager
async def looking(request: Request, reader: Actor, what: Look) -> AsyncGenerator[Looking]:
    """Lend a connection for a look. Answer after it: when it can't be taken down, nothing may be shown (raises Problem
    where it is another's, or more than a day's quota of others')."""
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    quota: Quota = request.app.state.quota
    async with lent_for_reading(pool) as conn, conn.transaction(), reading_briefly(conn):
        look = Looking(conn)
        yield look
        shown, named = look.seen | look.found, look.seen | look.asked
        if not shown | named:
            return
        instant = await clock.now(conn)
        closed = await closed_to(conn, [(seeker_id, reader.own) for seeker_id in shown | named], instant.day)
        others = {seeker_id: refused for (seeker_id, _), refused in closed.items() if seeker_id}
        if held(request) and (refused := next((others[one] for one in named if one in others), None)):
            raise problem_of(refused)
        others = {seeker_id for seeker_id in others if seeker_id in shown}
        if shown:
            if others and (most := quota.of(reader.role)) is not None:
                seen = await queries.others_seen(conn, reader, instant.day, others)
                if refused := rules.refuse_over_quota(seen, most):
                    raise problem_of(refused)
            await store.note_reads(conn, sorted(shown), what, reader, instant, others)
