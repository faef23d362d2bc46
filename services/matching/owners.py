"""Whose a record of matching is, for those who are held to their own. Whose a seeker is, matching hears from intake."""

from operator import attrgetter
from typing import Any
from uuid import UUID

from fastapi import Request

from chassis.batch.decisions import Refused
from chassis.database.db import Connection
from chassis.http.held import HeldTo, check_open, closed_as_heard, open_to, owned_by
from chassis.problems import NOT_YET_KNOWN, ProblemType
from contracts import refusals
from contracts.topics import COUNSELLING

ANOTHERS = ProblemType(*refusals.SEEKER_OF_ANOTHER)
OPENINGS_DAYS = 30
"""How long an opening is kept, which holds for its day alone."""

# Another counsellor has the seeker who hasn't left, and this one has not opened their record on that day.
_CLOSED = """
SELECT DISTINCT asked.seeker_id AS asked, asked.counsellor_id AS asker, c.seeker_id AS key, c.counsellor_id AS whose
FROM unnest($1::uuid[], $2::uuid[]) AS asked (seeker_id, counsellor_id)
LEFT JOIN seeker merged ON merged.seeker_id = asked.seeker_id AND merged.merged_into IS NOT NULL
JOIN client c ON c.seeker_id = coalesce(merged.merged_into, asked.seeker_id)
LEFT JOIN counsellor k ON k.counsellor_id = c.counsellor_id
WHERE c.counsellor_id IS DISTINCT FROM asked.counsellor_id
  AND (k.left_on IS NULL OR k.left_on > $3)
  AND NOT EXISTS (SELECT FROM record_opening o WHERE o.seeker_id = c.seeker_id AND o.opened_on = $3
                                                 AND o.counsellor_id = asked.counsellor_id)"""

_OPEN = """NOT EXISTS (
    SELECT FROM client theirs LEFT JOIN counsellor whose USING (counsellor_id)
    WHERE theirs.seeker_id = {seeker_id} AND theirs.counsellor_id IS DISTINCT FROM {own}
      AND (whose.left_on IS NULL OR whose.left_on > {day})
      AND NOT EXISTS (SELECT FROM record_opening o WHERE o.seeker_id = theirs.seeker_id AND o.opened_on = {day}
                                                     AND o.counsellor_id = {own}))"""


def _refused(counsellor_id: UUID) -> Refused:
    return Refused(ANOTHERS, refusals.about_another(counsellor_id), "seeker_id", {"counsellor_id": counsellor_id})


_TO_HEAR = Refused(NOT_YET_KNOWN, "whose this seeker is has not all been heard of yet", "seeker_id")

closed_to = closed_as_heard(_CLOSED, COUNSELLING.name, _refused, _TO_HEAR)
"""Tells which seekers are closed to which counsellors on a day."""


async def check_seeker(request: Request, conn: Connection, seeker_id: UUID) -> None:
    """Refuse to show what is of a seeker who is closed to whoever looks (raises Problem)."""
    await check_open(request, conn, closed_to, seeker_id)


async def own_seeker(request: Request, conn: Connection, found: Any) -> bool:
    """Check whose seeker is told of in what was found (raises Problem)."""
    await check_seeker(request, conn, found["seeker_id"] if isinstance(found, dict) else found.seeker_id)
    return True


def seekers_open_to(held: HeldTo | None, seeker_id: str, place: int) -> tuple[str, tuple[Any, ...]]:
    """Write the condition that a seeker, whom an expression names, isn't closed to whom a list is held to: its text,
    and its arguments from a place on."""
    return open_to(held, _OPEN, place, seeker_id=seeker_id)


own_firm = owned_by(attrgetter("employer_id"))
"""Tells whether what was found is of the firm of whoever looks, if they are held to it."""
