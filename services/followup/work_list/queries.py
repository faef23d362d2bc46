"""Reads of work lists, across all that followup knows of a counsellor's clients.

A seeker is silent who is on the register, neither in work nor at an internship, and whom the centre has not served for
long: no session, no referral, no placement, and not reached after one. Who was never served is silent since they were
assigned, who was at an internship at least since its end. A contact is made with whoever has left the register, too:
they may have found work. A support is given until SOS-Care or the job ends.

Who is neither in work nor at an internship since their last employment ended is back with their counsellor, too, who
finds them a new job: until the centre has served them on a later day, or they leave the register. A contact after that
placement is no such service: as a rule it is how the end was learned; what else happened on its day isn't told apart
from it. Who had left the register before the employment ended, as a rule because of that very job, is listed: they may
come back.

What there is of a record that was given up is to be done for the one that stays, by that one's counsellor. Who has left
has nothing to do: intake hands over those on the register. The contacts of the others are nobody's until someone makes
them, and so is finding them a new job, until they are back; supports are for the time that a handover takes.
"""

from collections import Counter
from datetime import date
from uuid import UUID

from chassis.database.db import Connection
from chassis.http.cursors import START, Place
from services.followup.work_list.model import Entry, Limits, Task

_WITH_A_COUNSELLOR = """
    WITH mine AS (
        SELECT seeker_id, assigned_on, withdrawn IS NOT TRUE AS registered, withdrawn_on FROM client
        WHERE counsellor_id = $4 AND NOT EXISTS (SELECT FROM former_counsellor WHERE counsellor_id = $4)
          AND NOT EXISTS (SELECT FROM merged_person WHERE merged_id = client.seeker_id)
    ),
"""

_WITHOUT_A_COUNSELLOR = """
    WITH mine AS (
        SELECT seeker_id, assigned_on, withdrawn IS NOT TRUE AS registered, withdrawn_on
        FROM (SELECT DISTINCT coalesce(m.seeker_id, known.seeker_id) AS seeker_id
              FROM (SELECT seeker_id FROM contact WHERE status = 'due'
                    UNION ALL
                    SELECT seeker_id FROM support WHERE status = 'due'
                    UNION ALL
                    SELECT seeker_id FROM employment WHERE ended_on IS NOT NULL) AS known
              LEFT JOIN merged_person m ON m.merged_id = known.seeker_id) AS person
        LEFT JOIN client USING (seeker_id)
        WHERE counsellor_id IS NULL OR counsellor_id IN (SELECT counsellor_id FROM former_counsellor)
    ),
"""

_ENTRIES = """
    record (record_id, seeker_id, assigned_on, registered, withdrawn_on) AS (
        SELECT seeker_id, mine.* FROM mine
        UNION ALL
        SELECT merged_id, mine.* FROM mine JOIN merged_person USING (seeker_id)
    ),
    looking AS (
        SELECT seeker_id, assigned_on, registered, withdrawn_on, array_agg(record_id) AS records
        FROM record
        GROUP BY seeker_id, assigned_on, registered, withdrawn_on
        HAVING NOT bool_or(
            EXISTS (SELECT FROM employment e
                    WHERE e.seeker_id = record_id AND (e.ended_on IS NULL OR e.changed_job) AND NOT e.corrected)
            OR EXISTS (SELECT FROM internship i WHERE i.seeker_id = record_id AND i.ended_on IS NULL))
    ),
    last_job AS (
        SELECT DISTINCT ON (looking.seeker_id) looking.seeker_id, registered, withdrawn_on, records, placement_id,
               coalesce(next_ended_on, ended_on) AS out_on
        FROM looking JOIN employment e ON e.seeker_id = ANY(records)
        WHERE NOT e.corrected
        ORDER BY looking.seeker_id, out_on DESC, placement_id
    ),
    entry (task, seeker_id, about, since, urgent_on) AS (
        SELECT 'make_contact', record.seeker_id, contact_id, due_on, due_on
        FROM record JOIN contact ON contact.seeker_id = record_id
        WHERE status = 'due' AND (try_on IS NULL OR try_on <= $1)
        UNION ALL
        SELECT 'ask_for_answer', record.seeker_id, referral_id, made_on, made_on + $3::int + 1
        FROM record JOIN waiting_referral w ON w.seeker_id = record_id
        WHERE registered AND made_on < $1::date - $3::int
          AND NOT EXISTS (SELECT FROM answered_referral a WHERE a.referral_id = w.referral_id)
        UNION ALL
        SELECT 'get_in_touch', seeker_id, seeker_id, heard_on, heard_on + $2::int + 1
        FROM (
            SELECT seeker_id,
                   greatest(coalesce((SELECT max(day) FROM served WHERE person_id = ANY(records)), assigned_on),
                            (SELECT max(ended_on) FROM internship i WHERE i.seeker_id = ANY(records))) AS heard_on
            FROM looking WHERE registered
        ) AS heard
        WHERE heard_on < $1::date - $2::int
        UNION ALL
        SELECT 'give_support', record.seeker_id, support_id, due_on, due_on
        FROM record JOIN support ON support.seeker_id = record_id
        WHERE status = 'due'
        UNION ALL
        SELECT 'find_new_job', seeker_id, placement_id, out_on, out_on
        FROM last_job
        WHERE (registered OR withdrawn_on < out_on)
          AND NOT EXISTS (
              SELECT day FROM served WHERE person_id = ANY(records) AND day > out_on
              EXCEPT
              SELECT occurred_on FROM contact JOIN contact_try USING (contact_id)
              WHERE contact.placement_id = last_job.placement_id AND outcome <> 'not_reached')
    )
"""


async def entries(
    conn: Connection, counsellor_id: UUID, day: date, limits: Limits, limit: int, after: Place | None
) -> list[Entry]:
    """List what a counsellor has to do, what has been urgent for longest before the rest, from a place on."""
    urgent_on, about = after or START
    rows = await conn.fetch(
        f"""{_WITH_A_COUNSELLOR} {_ENTRIES}
            SELECT * FROM entry WHERE (urgent_on, about) > ($5, $6) ORDER BY urgent_on, about LIMIT $7""",
        day,
        limits.silent_days,
        limits.answer_days,
        counsellor_id,
        urgent_on,
        about,
        limit,
    )
    return [Entry(*row) for row in rows]


async def counts(conn: Connection, counsellor_id: UUID, day: date, limits: Limits) -> Counter[Task]:
    """Count what a counsellor has to do, by task."""
    rows = await conn.fetch(
        f"{_WITH_A_COUNSELLOR} {_ENTRIES} SELECT task, count(*) AS entries FROM entry GROUP BY task",
        day,
        limits.silent_days,
        limits.answer_days,
        counsellor_id,
    )
    return Counter({row["task"]: row["entries"] for row in rows})


async def nobodys(conn: Connection, day: date, limits: Limits, limit: int, after: Place | None) -> list[Entry]:
    """List the contacts, supports and new jobs to find of those who have no counsellor in service, the earliest first,
    from a place on."""
    urgent_on, about = after or START
    rows = await conn.fetch(
        f"""{_WITHOUT_A_COUNSELLOR} {_ENTRIES}
            SELECT * FROM entry
            WHERE task IN ('make_contact', 'give_support', 'find_new_job') AND (urgent_on, about) > ($4, $5)
            ORDER BY urgent_on, about LIMIT $6""",
        day,
        limits.silent_days,
        limits.answer_days,
        urgent_on,
        about,
        limit,
    )
    return [Entry(*row) for row in rows]
