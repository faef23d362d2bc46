"""Whose a record of intake is, for those who are held to their own."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis.batch.decisions import Refused
from chassis.database.db import Connection
from chassis.http.held import HeldTo, Pair, open_to
from chassis.problems import ProblemType
from contracts import refusals

ANOTHERS = ProblemType(*refusals.SEEKER_OF_ANOTHER)


def _refused(counsellor_id: UUID) -> Refused:
    return Refused(ANOTHERS, refusals.about_another(counsellor_id), "seeker_id", {"counsellor_id": counsellor_id})


async def closed_to(conn: Connection, asked: Sequence[Pair], day: date) -> dict[Pair, Refused]:
    """Tell which of some pairs are closed on a day, and what is answered: another counsellor has the seeker who hasn't
    left, and this one has not opened their record on that day."""
    rows = await conn.fetch(
        """SELECT DISTINCT asked.seeker_id, asked.counsellor_id, s.counsellor_id AS whose
           FROM unnest($1::uuid[], $2::uuid[]) AS asked (seeker_id, counsellor_id)
           JOIN seeker s ON s.seeker_id = asked.seeker_id
           JOIN counsellor c ON c.counsellor_id = s.counsellor_id
           WHERE s.counsellor_id IS DISTINCT FROM asked.counsellor_id
             AND (c.left_on IS NULL OR c.left_on > $3)
             AND NOT EXISTS (SELECT FROM record_opening o
                             WHERE o.seeker_id = asked.seeker_id AND o.opened_on = $3
                               AND o.counsellor_id = asked.counsellor_id)""",
        [seeker_id for seeker_id, _ in asked],
        [counsellor_id for _, counsellor_id in asked],
        day,
    )
    return {(row["seeker_id"], row["counsellor_id"]): _refused(row["whose"]) for row in rows}


def seekers_open_to(held: HeldTo | None, place: int) -> tuple[str, tuple[Any, ...]]:
    """Write the condition that a row of `seeker` isn't closed to whom a list is held to: its text, and its arguments
    from a place on."""
    return open_to(held, _OPEN, place)


_OPEN = """(
    seeker.counsellor_id IS NULL OR seeker.counsellor_id = {own}
    OR EXISTS (SELECT FROM counsellor c WHERE c.counsellor_id = seeker.counsellor_id AND c.left_on <= {day})
    OR EXISTS (SELECT FROM record_opening o WHERE o.seeker_id = seeker.seeker_id AND o.opened_on = {day}
                                              AND o.counsellor_id = {own}))"""
