"""Whose a seeker is, for counsellors, who share those whom they counsel; the feed hears it from intake."""

from uuid import UUID

from fastapi import Request

from chassis.batch.decisions import Refused
from chassis.database.db import Connection
from chassis.http.held import check_open, closed_as_heard
from chassis.problems import NOT_YET_KNOWN, ProblemType
from contracts import refusals
from contracts.topics import COUNSELLING

ANOTHERS = ProblemType(*refusals.SEEKER_OF_ANOTHER)
OPENINGS_DAYS = 30
"""How long an opening is kept, which holds for its day alone."""

# Another counsellor has the seeker who hasn't left, and this one has not opened their record on that day.
_CLOSED = """
SELECT DISTINCT asked.seeker_id AS asked, asked.counsellor_id AS asker, p.seeker_id AS key, p.counsellor_id AS whose
FROM unnest($1::uuid[], $2::uuid[]) AS asked (seeker_id, counsellor_id)
LEFT JOIN person given_up ON given_up.seeker_id = asked.seeker_id
JOIN person p ON p.seeker_id = coalesce(given_up.stays, asked.seeker_id)
WHERE p.counsellor_id IS NOT NULL AND p.counsellor_id IS DISTINCT FROM asked.counsellor_id
  AND NOT EXISTS (SELECT FROM former_counsellor k WHERE k.counsellor_id = p.counsellor_id)
  AND NOT EXISTS (SELECT FROM record_opening o WHERE o.seeker_id = p.seeker_id AND o.opened_on = $3
                                                 AND o.counsellor_id = asked.counsellor_id)"""


def _refused(counsellor_id: UUID) -> Refused:
    return Refused(ANOTHERS, refusals.about_another(counsellor_id), "seeker_id", {"counsellor_id": counsellor_id})


_TO_HEAR = Refused(NOT_YET_KNOWN, "whose this seeker is has not all been heard of yet", "seeker_id")

closed_to = closed_as_heard(_CLOSED, COUNSELLING.name, _refused, _TO_HEAR)
"""Tells which seekers are closed to which counsellors on a day."""


async def check_seeker(request: Request, conn: Connection, seeker_id: UUID) -> None:
    """Refuse to show what is of a seeker who is closed to whoever looks (raises Problem)."""
    await check_open(request, conn, closed_to, seeker_id)
