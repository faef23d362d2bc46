"""What a refusal tells of somebody is a look at them: it is taken down before it is told, in a transaction of its own;
and so is how many persons were only tried out, or searched for and not found, so that nobody finds out by trying who is
registered."""

import structlog
from fastapi import Request

from chassis.batch.clock import Clock
from chassis.batch.decisions import Actor, Outcome, Refused
from chassis.database.db import CONNECT_SECONDS, Pool
from chassis.http.calls import problem_of
from services.intake.owners import closed_to
from services.intake.privacy import queries, rules, store
from services.intake.privacy.model import Quota

log = structlog.get_logger()

TRIED_OUT = "/seekers/bulk"
"""The route whose dry runs tell of each row whether somebody is registered."""


async def before_telling(request: Request, actor: Actor, outcomes: list[Outcome], tried: int) -> list[Outcome]:
    """Take down whom outcomes tell something of, and how many persons were only tried out. Beyond the asker's quota of
    the day the one isn't told, and the other not at all (raises Problem)."""
    quota: Quota = request.app.state.quota
    told = {one.tells_of for one in outcomes if isinstance(one, Refused) and one.tells_of}
    tried = tried if request.scope["route"].path == TRIED_OUT else 0
    most = quota.of(actor.role)
    if most is None or not (told or tried):
        return outcomes
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    async with pool.acquire(timeout=CONNECT_SECONDS) as conn, conn.transaction():
        instant = await clock.now(conn)
        tries = await store.note_tried(conn, actor, instant.day, tried) if tried else 0
        closed = await closed_to(conn, [(seeker_id, actor.own) for seeker_id in told], instant.day)
        others = {seeker_id for seeker_id, _ in closed if seeker_id}
        seen = await queries.others_seen(conn, actor, instant.day, others) if others else 0
        await store.note_reads(conn, sorted(told), "registered", actor, instant, others)
    _refuse_over(actor, tried, tries, most, "dry_run")
    if refused := rules.refuse_over_quota(seen, most):
        return [refused if isinstance(one, Refused) and one.tells_of in others else one for one in outcomes]
    return outcomes


async def before_answering(request: Request, reader: Actor, found: bool, field: str) -> None:
    """Take down that somebody searched and found nobody. Beyond the reader's quota of the day no search is answered any
    more, of whoever is there or isn't (raises Problem)."""
    await note_try(request, reader, 0 if found else 1, field)


async def note_try(request: Request, reader: Actor, tried: int, field: str) -> None:
    """Take down that somebody asks in a way whose answer tells whether so many persons are registered. Beyond their
    quota of the day it isn't told (raises Problem)."""
    quota: Quota = request.app.state.quota
    most = quota.of(reader.role)
    assert most is not None, f"{reader.role} tries"
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    async with pool.acquire(timeout=CONNECT_SECONDS) as conn, conn.transaction():
        tries = await store.note_tried(conn, reader, (await clock.now(conn)).day, tried)
    _refuse_over(reader, tried, tries, most, field)


def _refuse_over(actor: Actor, tried: int, tries: int, most: int, field: str) -> None:
    if tried:
        log.info("persons_tried_out", actor=str(actor), rows=tried, today=tries, most=most)
    if refused := rules.refuse_over_tries(tries, most, field):
        raise problem_of(refused)
