"""Which open referrals a closed vacancy leaves behind."""

from datetime import date

from chassis.db import Connection
from services.matching.referrals.commands import EndObsolete
from services.matching.vacancies.commands import NoteReferralsEnded


async def obsolete(conn: Connection, day: date, limit: int) -> list[EndObsolete | NoteReferralsEnded]:
    """Find the open referrals to vacancies that have closed, and the closed vacancies that have none left."""
    rows = await conn.fetch(
        """SELECT v.vacancy_id, r.referral_id
           FROM vacancy v
           LEFT JOIN referral r ON r.vacancy_id = v.vacancy_id AND r.status IN ('made', 'postponed', 'accepted')
           WHERE v.closed_on IS NOT NULL AND NOT v.referrals_ended
           ORDER BY v.closed_on, v.vacancy_id LIMIT $1""",
        limit,
    )
    return [
        EndObsolete(row["referral_id"]) if row["referral_id"] else NoteReferralsEnded(row["vacancy_id"]) for row in rows
    ]
