"""Whose a record of followup is, for those who are held to their own. Whose a seeker is, followup hears from intake."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import Request

from chassis.calls import held, problem_of
from chassis.clock import Clock
from chassis.db import Connection
from chassis.decisions import Refused
from chassis.heard import read_to_end
from chassis.problems import NOT_YET_KNOWN, ProblemType
from contracts import refusals
from contracts.topics import COUNSELLING

ANOTHERS = ProblemType(*refusals.SEEKER_OF_ANOTHER)
OPENINGS_DAYS = 30
"""How long an opening is kept, which holds for its day alone."""

_CLOSED = """
SELECT DISTINCT asked.seeker_id, asked.counsellor_id, c.seeker_id AS client_id, c.counsellor_id AS whose
FROM unnest($1::uuid[], $2::uuid[]) AS asked (seeker_id, counsellor_id)
LEFT JOIN merged_person m ON m.merged_id = asked.seeker_id
JOIN client c ON c.seeker_id = coalesce(m.seeker_id, asked.seeker_id)
WHERE c.counsellor_id IS NOT NULL AND c.counsellor_id IS DISTINCT FROM asked.counsellor_id
  AND NOT EXISTS (SELECT FROM former_counsellor k WHERE k.counsellor_id = c.counsellor_id)
  AND NOT EXISTS (SELECT FROM record_opening o WHERE o.seeker_id = c.seeker_id AND o.opened_on = $3
                                                 AND o.counsellor_id = asked.counsellor_id)"""

Pair = tuple[UUID | None, UUID | None]
"""A seeker, and the counsellor who wants to see them."""


async def closed_to(conn: Connection, asked: Sequence[Pair], day: date) -> dict[Pair, Refused]:
    """Tell which of some pairs are closed on a day, and what is answered: another counsellor has the seeker who hasn't
    left, and this one has not opened their record on that day. Where not all was read that may say otherwise, to come
    again."""
    rows = await conn.fetch(_CLOSED, [seeker for seeker, _ in asked], [counsellor for _, counsellor in asked], day)
    heard = await read_to_end(conn, COUNSELLING.name, [row["client_id"] for row in rows]) if rows else set[UUID]()
    return {
        (row["seeker_id"], row["counsellor_id"]): _refused(row["whose"]) if row["client_id"] in heard else _to_hear()
        for row in rows
    }


def _refused(counsellor_id: UUID) -> Refused:
    return Refused(ANOTHERS, refusals.about_another(counsellor_id), "seeker_id", {"counsellor_id": counsellor_id})


def _to_hear() -> Refused:
    return Refused(NOT_YET_KNOWN, "whose this seeker is has not all been heard of yet", "seeker_id")


async def check_seeker(request: Request, conn: Connection, seeker_id: UUID) -> None:
    """Refuse to show what is of a seeker who is closed to whoever looks (raises Problem)."""
    if actor := held(request):
        clock: Clock = request.app.state.clock
        closed = await closed_to(conn, [(seeker_id, actor.own)], (await clock.now(conn)).day)
        for refused in closed.values():
            raise problem_of(refused)


async def own_seeker(request: Request, conn: Connection, found: Any) -> bool:
    """Check whose seeker is told of in what was found (raises Problem)."""
    await check_seeker(request, conn, found["seeker_id"] if isinstance(found, dict) else found.seeker_id)
    return True


class HeldTo(NamedTuple):
    """The counsellor, if there is one, whose seekers a list is held to, on a day."""

    counsellor_id: UUID | None
    day: date


async def held_to(request: Request, conn: Connection) -> HeldTo | None:
    """Tell what a list is held to for whoever looks; None where they see everybody."""
    if (actor := held(request)) is None:
        return None
    clock: Clock = request.app.state.clock
    return HeldTo(actor.own, (await clock.now(conn)).day)


def open_to(held: HeldTo | None, seeker_id: str, place: int) -> tuple[str, tuple[Any, ...]]:
    """Write the condition that a seeker, whom an expression names, isn't closed to whom a list is held to: its text,
    which is true of everybody where nobody is, and its arguments, from a place on."""
    if held is None:
        return "true", ()
    counsellor_id, day = f"${place}::uuid", f"${place + 1}::date"
    return _OPEN.format(seeker_id=seeker_id, counsellor_id=counsellor_id, day=day), held


_OPEN = """NOT EXISTS (
    SELECT FROM client theirs
    WHERE theirs.seeker_id = {seeker_id}
      AND theirs.counsellor_id IS NOT NULL AND theirs.counsellor_id IS DISTINCT FROM {counsellor_id}
      AND NOT EXISTS (SELECT FROM former_counsellor k WHERE k.counsellor_id = theirs.counsellor_id)
      AND NOT EXISTS (SELECT FROM record_opening o WHERE o.seeker_id = theirs.seeker_id AND o.opened_on = {day}
                                                     AND o.counsellor_id = {counsellor_id}))"""
