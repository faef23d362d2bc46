"""Reads of work lists, across all that followup knows of a counsellor's clients.

A seeker is silent who is on the register and not in work, and whom the centre has not served for long: no session, no
referral, no placement, and not reached after one. Who was never served is silent since they were assigned. A contact is
made with whoever has left the register, too: they may have found work.
"""

from collections import Counter
from datetime import date
from uuid import UUID

from chassis.cursors import Place
from chassis.db import Connection
from services.followup.work_list.model import Entry, Limits, Task

_ENTRIES = """
    WITH mine AS (SELECT seeker_id, assigned_on FROM client WHERE counsellor_id = $1 AND withdrawn IS NOT TRUE),
    entry (task, seeker_id, about, since, urgent_on) AS (
        SELECT 'make_contact', seeker_id, contact_id, due_on, due_on
        FROM client JOIN contact USING (seeker_id)
        WHERE counsellor_id = $1 AND status = 'due' AND (try_on IS NULL OR try_on <= $2)
        UNION ALL
        SELECT 'ask_for_answer', seeker_id, referral_id, made_on, made_on + $4::int + 1
        FROM mine JOIN waiting_referral USING (seeker_id) WHERE made_on < $2::date - $4::int
        UNION ALL
        SELECT 'get_in_touch', seeker_id, seeker_id, heard_on, heard_on + $3::int + 1
        FROM (
            SELECT seeker_id,
                   coalesce((SELECT max(day) FROM served WHERE person_id = seeker_id), assigned_on) AS heard_on
            FROM mine
            WHERE NOT EXISTS (SELECT FROM employment e
                              WHERE e.seeker_id = mine.seeker_id AND (e.ended_on IS NULL OR e.changed_job)
                                AND NOT e.corrected)
        ) AS looking
        WHERE heard_on < $2::date - $3::int
    )
"""


async def entries(
    conn: Connection, counsellor_id: UUID, day: date, limits: Limits, limit: int, after: Place | None
) -> list[Entry]:
    """List what a counsellor has to do, what has been urgent for longest before the rest, from a place on."""
    urgent_on, about = after or (date.min, UUID(int=0))
    rows = await conn.fetch(
        _ENTRIES + "SELECT * FROM entry WHERE (urgent_on, about) > ($5, $6) ORDER BY urgent_on, about LIMIT $7",
        counsellor_id,
        day,
        limits.silent_days,
        limits.answer_days,
        urgent_on,
        about,
        limit,
    )
    return [Entry(*row) for row in rows]


async def counts(conn: Connection, counsellor_id: UUID, day: date, limits: Limits) -> Counter[Task]:
    """Count what a counsellor has to do, by task."""
    rows = await conn.fetch(
        _ENTRIES + "SELECT task, count(*) AS entries FROM entry GROUP BY task",
        counsellor_id,
        day,
        limits.silent_days,
        limits.answer_days,
    )
    return Counter({row["task"]: row["entries"] for row in rows})
