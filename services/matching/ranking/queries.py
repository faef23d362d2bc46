"""Who comes into question, preselected by PostgreSQL and ranked by the rule.

The preselection takes those who want the occupation most, then those who live or would work nearest, then those who
have waited longest: at most PRESELECTED, by index, so that ranking costs the same however large the pool is. Between
public jobs and who is in SOS-Care, that comes first of all.
"""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from chassis.db import Connection
from services.matching.pool.model import Profile, Seeker
from services.matching.pool.store import seeker_of
from services.matching.ranking.districts import NEIGHBOURS
from services.matching.ranking.model import Match, Offer, Wishes
from services.matching.ranking.rules import match
from services.matching.vacancies.model import Vacancy
from services.matching.vacancies.store import vacancy_of

PRESELECTED = 300


class Ranked(NamedTuple):
    """A seeker or a vacancy with its match."""

    id: UUID
    since: date
    match: Match


async def vacancy(conn: Connection, vacancy_id: UUID) -> Vacancy | None:
    """Read one vacancy, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM vacancy WHERE vacancy_id = $1", vacancy_id)
    return vacancy_of(row) if row else None


async def seeker(conn: Connection, seeker_id: UUID) -> Seeker | None:
    """Read one seeker, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM seeker WHERE seeker_id = $1", seeker_id)
    return seeker_of(row) if row else None


async def candidates(conn: Connection, vacancy: Vacancy, on: date, limit: int) -> list[Ranked]:
    """Rank the seekers in the pool who want the vacancy's occupation and have no open referral to it.

    For a private job that includes who is in a public one under SOS-Care. Who is in total care and not ready yet is
    left out, unless SOS-Care lets them pass.
    """
    rows = await conn.fetch(
        """SELECT * FROM (
             SELECT * FROM seeker
             WHERE status = 'active' AND placement_id IS NULL AND internship_id IS NULL
               AND wanted_occupations @> ARRAY[$1::text]
               AND (care_stage IS NULL OR care_stage = 'ready' OR (sos_care AND $6))
             UNION ALL
             SELECT * FROM seeker
             WHERE $7 AND status = 'active' AND in_public_job AND sos_care AND wanted_occupations @> ARRAY[$1::text]
           ) s
           WHERE NOT EXISTS (SELECT FROM referral r WHERE r.seeker_id = s.seeker_id AND r.vacancy_id = $2
                             AND r.status IN ('made', 'postponed', 'accepted'))
           ORDER BY CASE WHEN $6 AND sos_care THEN 0 ELSE 1 END,
                    array_position(wanted_occupations, $1::text),
                    CASE WHEN district = $3 OR $3 = ANY(wanted_districts) THEN 0
                         WHEN district = ANY($4::text[]) THEN 1 ELSE 2 END,
                    in_pool_since, seeker_id
           LIMIT $5""",
        vacancy.occupation,
        vacancy.vacancy_id,
        vacancy.district,
        list(NEIGHBOURS[vacancy.district]),
        PRESELECTED,
        vacancy.is_public_job,
        vacancy.is_private_job,
    )
    offer = Offer.of(vacancy)
    ranked: list[Ranked] = []
    for found in map(seeker_of, rows):
        if found.profile is not None:
            since = found.in_pool_since or found.profile.registered_on
            ranked.append(Ranked(found.seeker_id, since, match(Wishes.of(found.profile, since), offer, on)))
    return _best(ranked, limit)


async def vacancies(conn: Connection, seeker: Seeker, profile: Profile, on: date, limit: int) -> list[Ranked]:
    """Rank the open vacancies in the occupations that the seeker wants and has no open referral to."""
    rows = await conn.fetch(
        """SELECT * FROM vacancy v
           WHERE closed_on IS NULL AND occupation = ANY($1::text[])
             AND NOT EXISTS (SELECT FROM referral r WHERE r.seeker_id = $2 AND r.vacancy_id = v.vacancy_id
                             AND r.status IN ('made', 'postponed', 'accepted'))
           ORDER BY CASE WHEN $6 AND (sector = 'public' OR employment IN ('fixed_term', 'public_works'))
                         THEN 0 ELSE 1 END,
                    array_position($1::text[], occupation),
                    CASE WHEN district = ANY($3::text[]) THEN 0 WHEN district = ANY($4::text[]) THEN 1 ELSE 2 END,
                    opened_on, vacancy_id
           LIMIT $5""",
        list(profile.wanted_occupations),
        seeker.seeker_id,
        [profile.district, *profile.wanted_districts],
        list(NEIGHBOURS[profile.district]),
        PRESELECTED,
        profile.sos_care,
    )
    wishes = Wishes.of(profile, seeker.in_pool_since)
    return _best(
        [Ranked(v.vacancy_id, v.opened_on, match(wishes, Offer.of(v), on)) for v in map(vacancy_of, rows)], limit
    )


def _best(ranked: list[Ranked], limit: int) -> list[Ranked]:
    """Most points first; of equals the one that waits longer."""
    return sorted(ranked, key=lambda one: (-one.match.points, one.since, one.id))[:limit]
