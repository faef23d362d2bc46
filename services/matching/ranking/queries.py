"""Who comes into question, preselected by PostgreSQL and ranked by the rule, with the reasons of those who are shown.

At most PRESELECTED are ranked: those who want the occupation most, then those who live or would work nearest, then
those who have waited longest. Between public jobs and who is in SOS-Care, that comes first of all.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from chassis.database.db import Connection
from contracts.codes import DISTRICTS
from services.matching.pool.model import Profile, Seeker
from services.matching.pool.store import seeker_of
from services.matching.ranking.districts import districts_at
from services.matching.ranking.model import Match, Offer, Refusal, Wishes
from services.matching.ranking.preselected import CANDIDATES, PRESELECTED
from services.matching.ranking.programmes import by_programmes
from services.matching.ranking.rules import match
from services.matching.vacancies.model import Vacancy, VacancyKind
from services.matching.vacancies.store import vacancy_of
from services.matching.youth_internship import earliest_birth_year, is_young

_KIND = """CASE WHEN sector = 'public' OR employment IN ('fixed_term', 'public_works') THEN 'public'
                 WHEN converts THEN 'for_interns' ELSE 'private' END"""
"""`Vacancy.kind` of a row."""


class Ranked(NamedTuple):
    """A seeker or a vacancy with its match."""

    id: UUID
    since: date
    match: Match


async def vacancy(conn: Connection, vacancy_id: UUID) -> Vacancy | None:
    """Read one vacancy, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM vacancy WHERE vacancy_id = $1", vacancy_id)
    return vacancy_of(row) if row else None


async def candidates(conn: Connection, vacancy: Vacancy, on: date, limit: int) -> list[Ranked]:
    """Rank the seekers in the pool who want the vacancy's occupation and have no open referral to it.

    For a private job that includes who is in a public one under SOS-Care. Who is in total care and not ready yet is
    left out, unless SOS-Care lets them pass. For a youth internship, those who are young enough.
    """
    near, next_near = districts_at(vacancy.district, 1), districts_at(vacancy.district, 2)
    rows = await conn.fetch(
        CANDIDATES[vacancy.kind],
        vacancy.occupation,
        vacancy.vacancy_id,
        vacancy.district,
        near,
        districts_at(vacancy.district, 0),
        next_near,
        [district for district in DISTRICTS if district not in {vacancy.district, *near, *next_near}],
        vacancy.wage,
        vacancy.employment,
        on,
        earliest_birth_year(on) if vacancy.converts else None,
        limit,
    )
    offer, ranked = Offer.of(vacancy), list[Ranked]()
    for row in rows:
        one = seeker_of(row)
        if one.profile is not None:
            since = one.in_pool_since or one.profile.registered_on
            refused = Refusal(row["refused_answer"], row["refused_reason"]) if row["refused_answer"] else None
            ranked += _ranked(one.seeker_id, since, one.profile, since, offer, on, refused)
    return _best(ranked, limit)


async def vacancies(
    conn: Connection, seeker: Seeker, profile: Profile, kinds: Sequence[VacancyKind], on: date, limit: int
) -> list[Ranked]:
    """Rank the open vacancies of some kinds in the occupations that the seeker wants and has no open referral to.

    Youth internships are among them for those who are young enough.
    """
    rows = await conn.fetch(
        f"""SELECT * FROM vacancy v
           WHERE closed_on IS NULL AND occupation = ANY($1::text[])
             AND ($6 OR NOT converts) AND {_KIND} = ANY($9::text[])
             AND NOT EXISTS (SELECT FROM referral r WHERE r.seeker_id = $2 AND r.vacancy_id = v.vacancy_id
                             AND r.status IN ('made', 'postponed', 'accepted'))
           ORDER BY CASE WHEN $8 AND {_KIND} = 'public' THEN 0 ELSE 1 END,
                    array_position($1::text[], occupation),
                    CASE WHEN district = ANY($3::text[]) THEN 0 WHEN district = ANY($4::text[]) THEN 1
                         WHEN district = ANY($7::text[]) THEN 2 ELSE 3 END,
                    opened_on, vacancy_id
           LIMIT $5""",
        list(profile.wanted_occupations),
        seeker.seeker_id,
        [profile.district, *profile.wanted_districts],
        districts_at(profile.district, 1),
        PRESELECTED,
        is_young(profile.birth_year, on),
        districts_at(profile.district, 2),
        profile.sos_care,
        kinds,
    )
    found = list(map(vacancy_of, rows))
    refusals = await _refusals(conn, [seeker.seeker_id], [v.vacancy_id for v in found])
    ranked: list[Ranked] = []
    for one in found:
        refused = refusals.get((seeker.seeker_id, one.vacancy_id))
        offer = Offer.of(one)
        ranked += _ranked(one.vacancy_id, one.opened_on, profile, seeker.in_pool_since, offer, on, refused)
    return _best(ranked, limit)


async def _refusals(
    conn: Connection, seekers: Sequence[UUID], vacancies: Sequence[UUID]
) -> dict[tuple[UUID, UUID], Refusal]:
    """Read how the last refused referral of each of the seekers to each of the vacancies was answered."""
    rows = await conn.fetch(
        """SELECT DISTINCT ON (seeker_id, vacancy_id) seeker_id, vacancy_id, answer, reason
           FROM referral WHERE status = 'refused' AND seeker_id = ANY($1) AND vacancy_id = ANY($2)
           ORDER BY seeker_id, vacancy_id, referral_id DESC""",
        seekers,
        vacancies,
    )
    return {(row["seeker_id"], row["vacancy_id"]): Refusal(row["answer"], row["reason"]) for row in rows}


def _ranked(
    id_: UUID,
    since: date,
    profile: Profile,
    in_pool_since: date | None,
    offer: Offer,
    on: date,
    refused: Refusal | None,
) -> list[Ranked]:
    """Give the rank, or nothing where a programme's law keeps the two apart."""
    programmes = by_programmes(profile, offer, on)
    if programmes is None:
        return []
    return [Ranked(id_, since, match(Wishes.of(profile, in_pool_since), offer, on, programmes, refused))]


def _best(ranked: list[Ranked], limit: int) -> list[Ranked]:
    """Most points first; of equals the one that waits longer."""
    return sorted(ranked, key=lambda one: (-one.match.points, one.since, one.id))[:limit]
