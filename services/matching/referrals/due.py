"""Which referrals end by themselves: those to vacancies that have closed, at once or after a time, and those that
nobody answers. The latter are chased before."""

from collections.abc import Sequence
from datetime import date, timedelta

from chassis.batch.due import FindDue
from chassis.database.db import Connection
from services.matching.referrals.commands import ChaseReferral, ExpireReferral, LapseReferral, MeetClosing
from services.matching.referrals.ends import step_due
from services.matching.vacancies.commands import NoteReferralsEnded


async def to_closed(conn: Connection, day: date, limit: int) -> list[MeetClosing | NoteReferralsEnded]:
    """Find the open referrals that haven't met the closing of their vacancy, or its last opening's being filled since,
    and the closed vacancies that have none such left."""
    rows = await conn.fetch(
        """SELECT v.vacancy_id, v.placed, r.referral_id
           FROM vacancy v
           LEFT JOIN referral r ON r.vacancy_id = v.vacancy_id AND r.status IN ('made', 'postponed', 'accepted')
                              AND (r.vacancy_closed_on IS NULL OR v.placed = v.openings)
           WHERE v.closed_on IS NOT NULL AND NOT v.referrals_ended
           ORDER BY v.closed_on, v.vacancy_id LIMIT $1""",
        limit,
    )
    return [
        MeetClosing(row["referral_id"]) if row["referral_id"] else NoteReferralsEnded(row["vacancy_id"], row["placed"])
        for row in rows
    ]


def unanswered(days: int) -> FindDue:
    """Find, the earliest first, the referrals that nobody has answered for more than so many days since they were made
    or postponed. What was postponed since is passed over by the index of those made before: there is little of it."""

    async def find(conn: Connection, day: date, limit: int) -> list[ExpireReferral]:
        rows = await conn.fetch(
            """SELECT referral_id FROM referral
               WHERE status IN ('made', 'postponed') AND made_on < $1 AND coalesce(postponed_on, made_on) < $1
               ORDER BY made_on, referral_id LIMIT $2""",
            day - timedelta(days),
            limit,
        )
        return [ExpireReferral(row["referral_id"]) for row in rows]

    return find


def left_by_closing(days: int) -> FindDue:
    """Find, the earliest first, the answered referrals of which nothing came for more than so many days since their
    vacancy had closed."""

    async def find(conn: Connection, day: date, limit: int) -> list[LapseReferral]:
        rows = await conn.fetch(
            """SELECT referral_id FROM referral
               WHERE status IN ('postponed', 'accepted') AND vacancy_closed_on < $1
               ORDER BY vacancy_closed_on, referral_id LIMIT $2""",
            day - timedelta(days),
            limit,
        )
        return [LapseReferral(row["referral_id"]) for row in rows]

    return find


def to_chase(steps: Sequence[int], days: int) -> FindDue:
    """Find the referrals that are at a new step of chasing and don't expire yet. `steps` are days after the making or
    the last postponement."""

    async def find(conn: Connection, day: date, limit: int) -> list[ChaseReferral]:
        rows = await conn.fetch(
            """SELECT r.referral_id, coalesce(r.postponed_on, r.made_on) AS since
               FROM unnest($1::smallint[], $2::date[]) AS next (after_step, latest)
               JOIN referral r ON r.chased = next.after_step
                              AND coalesce(r.postponed_on, r.made_on) BETWEEN $3 AND next.latest
               WHERE r.status IN ('made', 'postponed')
               LIMIT $4""",
            list(range(len(steps))),
            [day - timedelta(step) for step in steps],
            day - timedelta(days),
            limit,
        )
        return [ChaseReferral(row["referral_id"], step_due(row["since"], day, steps)) for row in rows]

    return find
