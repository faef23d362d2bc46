"""Candidates are those, in that order, who were found when the whole pool was sorted for each vacancy, whatever became
of the seekers before."""

import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any, get_args

import asyncpg
import orjson
import pytest
import uuid_utils.compat as uuids

from chassis.database import db
from contracts.codes import DISTRICTS, CareStage, Employment
from contracts.ids import InternshipId, PlacementId, SeekerId
from jobplus.bench import two_years
from jobplus.stack.local import Stack
from services.matching.bootstrap import blueprint
from services.matching.pool.model import Profile, Seeker
from services.matching.pool.store import SeekerStore, seeker_of
from services.matching.ranking.districts import districts_at
from services.matching.ranking.model import Match, Offer, Refusal, Wishes
from services.matching.ranking.preselected import PRESELECTED
from services.matching.ranking.programmes import by_programmes
from services.matching.ranking.queries import candidates
from services.matching.ranking.rules import match
from services.matching.referrals.gate import stages_that_pass
from services.matching.settings import MatchingSettings
from services.matching.vacancies.model import Vacancy
from services.matching.youth_internship import earliest_birth_year
from tests.kit.databases import Databases
from tests.matching.states import PROFILE, TODAY, a_vacancy

SEEKERS = 1_500
FIRST = date(2009, 1, 28)


@pytest.fixture(scope="module")
async def pool(stack: Stack) -> AsyncIterator[asyncpg.Connection]:
    """A database of matching's own, and a pool in it in which most has happened."""

    async def make_tables(conn: asyncpg.Connection) -> None:
        for folder in (db.CHASSIS_MIGRATIONS, blueprint(MatchingSettings.model_construct()).migrations):
            for file in sorted(folder.glob("*.sql")):
                await conn.execute(file.read_text())

    databases = Databases(stack, "matching_alone", "matching", make_tables)
    conn = await asyncpg.connect(databases.url(await databases.another()))
    await db.prepare_connection(conn)
    await _fill(conn, random.Random(20))
    try:
        yield conn
    finally:
        await conn.close()


async def _fill(conn: asyncpg.Connection, rnd: random.Random) -> None:
    seekers = [_drawn(SeekerId(uuids.uuid7()), rnd) for _ in range(SEEKERS)]
    store = SeekerStore()
    await store.save(conn, seekers)
    await store.save(conn, [_changed(one, rnd) for one in rnd.sample(seekers, SEEKERS // 3)])
    await conn.execute("DELETE FROM seeker WHERE seeker_id = ANY($1)", [one.seeker_id for one in seekers[:9]])
    for number, seeker in product(range(len(VACANCIES)), rnd.sample(seekers[9:], 60)):
        status = rnd.choice(("made", "postponed", "accepted", "refused", "refused", "withdrawn"))
        await conn.execute(
            """INSERT INTO referral (referral_id, seeker_id, vacancy_id, employer_id, occupation, made_on, status,
                                     answer, reason)
               VALUES ($1, $2, $3, $1, '02', $4, $5, $6, $7) ON CONFLICT DO NOTHING""",
            uuids.uuid7(),
            seeker.seeker_id,
            VACANCIES[number].vacancy_id,
            TODAY,
            status,
            "seeker_refused" if status == "refused" else None,
            rnd.choice(("wage", "distance")) if status == "refused" else None,
        )


def _drawn(seeker_id: SeekerId, rnd: random.Random) -> Seeker:
    profile = replace(
        PROFILE,
        registered_on=FIRST,
        birth_year=rnd.randrange(1950, 1992),
        district=rnd.choice(DISTRICTS),
        wanted_occupations=tuple(rnd.sample(("02", "02", "02", "10", "11"), 3))[: rnd.randrange(1, 4)],
        wanted_districts=tuple(rnd.sample(DISTRICTS, rnd.choice((0, 0, 1, 3, 26)))),
        wanted_employment=tuple(rnd.sample(get_args(Employment), rnd.randrange(3))),
        desired_wage=rnd.choice((None, 1_900_000, 2_200_000, 2_500_000)),
        career_years=rnd.choice((None, 0, 3, 40)),
        care_stage=rnd.choice((None, None, None, *get_args(CareStage))),
        sos_care=rnd.random() < 0.15,
    )
    profile = replace(profile, wanted_occupations=tuple(dict.fromkeys(profile.wanted_occupations)))
    since = rnd.choice((None, *(FIRST + timedelta(days=rnd.randrange(20) * 5) for _ in range(20))))
    return Seeker(seeker_id, profile, since)


def _changed(seeker: Seeker, rnd: random.Random) -> Seeker:
    """Give what became of a seeker."""
    assert seeker.profile
    match rnd.randrange(6):
        case 0:
            return replace(seeker, placement_id=PlacementId(uuids.uuid7()), in_public_job=seeker.profile.sos_care)
        case 1:
            return replace(seeker, internship_id=InternshipId(uuids.uuid7()))
        case 2:
            return replace(seeker, profile=None)
        case 3:
            return replace(seeker, profile=replace(seeker.profile, status="withdrawn"))
        case 4:
            return replace(seeker, in_pool_since=TODAY - timedelta(days=rnd.randrange(9)))
        case _:
            return replace(_drawn(seeker.seeker_id, rnd), in_pool_since=seeker.in_pool_since)


VACANCIES: list[Vacancy] = [
    a_vacancy(occupation=occupation, district=district, wage=wage, **terms)
    for (occupation, district, wage), terms in product(
        (("02", "11440", 2_200_000), ("10", "outside", None), ("11", "11110", 2_000_000)),
        (
            {"employment": "permanent"},
            {"employment": "fixed_term"},
            {"employment": "internship", "converts": True},
            {"sector": "public", "employment": "internship", "converts": True},
        ),
    )
]

SORTED = """
    SELECT * FROM (
      SELECT * FROM seeker
      WHERE status = 'active' AND placement_id IS NULL AND internship_id IS NULL
        AND wanted_occupations @> ARRAY[$1::text]
        AND (care_stage IS NULL OR care_stage = ANY(CASE WHEN sos_care THEN $11::text[] ELSE $10::text[] END))
        AND ($8::int IS NULL OR birth_year >= $8)
      UNION ALL
      SELECT * FROM seeker
      WHERE $7 AND status = 'active' AND in_public_job AND sos_care AND wanted_occupations @> ARRAY[$1::text]
    ) s
    WHERE NOT EXISTS (SELECT FROM referral r WHERE r.seeker_id = s.seeker_id AND r.vacancy_id = $2
                      AND r.status IN ('made', 'postponed', 'accepted'))
    ORDER BY CASE WHEN $6 AND sos_care THEN 0 ELSE 1 END,
             array_position(wanted_occupations, $1::text),
             CASE WHEN district = $3 OR $3 = ANY(wanted_districts) THEN 0
                  WHEN district = ANY($4::text[]) THEN 1 WHEN district = ANY($9::text[]) THEN 2 ELSE 3 END,
             in_pool_since, seeker_id
    LIMIT $5"""
"""The statement that preselected by sorting all who want the occupation."""


async def sorted_out(conn: asyncpg.Connection, vacancy: Vacancy, limit: int) -> list[tuple[Any, Match]]:
    """Rank as it was done by that statement."""
    rows = await conn.fetch(
        SORTED,
        vacancy.occupation,
        vacancy.vacancy_id,
        vacancy.district,
        districts_at(vacancy.district, 1),
        PRESELECTED,
        vacancy.is_public_job,
        vacancy.is_private_job,
        earliest_birth_year(TODAY) if vacancy.converts else None,
        districts_at(vacancy.district, 2),
        stages_that_pass(vacancy.kind, sos_care=False),
        stages_that_pass(vacancy.kind, sos_care=True),
    )
    refusals = await conn.fetch(
        """SELECT DISTINCT ON (seeker_id) seeker_id, answer, reason FROM referral
           WHERE status = 'refused' AND vacancy_id = $1 ORDER BY seeker_id, referral_id DESC""",
        vacancy.vacancy_id,
    )
    refused = {row["seeker_id"]: Refusal(row["answer"], row["reason"]) for row in refusals}
    offer = Offer.of(vacancy)
    ranked: list[tuple[int, date, Any, Match]] = []
    for seeker in map(seeker_of, rows):
        profile: Profile | None = seeker.profile
        assert profile
        programmes = by_programmes(profile, offer, TODAY)
        assert programmes is not None
        since = seeker.in_pool_since or profile.registered_on
        found = match(Wishes.of(profile, since), offer, TODAY, programmes, refused.get(seeker.seeker_id))
        ranked.append((-found.points, since, seeker.seeker_id, found))
    return [(seeker_id, found) for *_, seeker_id, found in sorted(ranked, key=lambda one: one[:3])[:limit]]


@pytest.mark.parametrize("number", range(len(VACANCIES)))
async def test_candidates_are_those_of_the_whole_pool_sorted(pool: asyncpg.Connection, number: int) -> None:
    vacancy = VACANCIES[number]
    for limit in (20, 100):
        found = await candidates(pool, vacancy, TODAY, limit)
        assert len(found) >= 20
        assert [(one.id, one.match) for one in found] == await sorted_out(pool, vacancy, limit)


async def test_the_wishes_are_those_of_who_is_in_the_pool_now(pool: asyncpg.Connection) -> None:
    sides = ("SELECT * FROM wish", "SELECT kept.* FROM seeker, wishes(seeker) AS kept")
    for one, other in (sides, sides[::-1]):
        assert await pool.fetch(f"{one} EXCEPT ALL {other}") == []
    in_pool = await pool.fetchval("SELECT count(DISTINCT seeker_id) FROM wish")
    assert SEEKERS / 2 < in_pool < SEEKERS


class _Explained:
    """A connection that gives the plan of a statement, and no rows."""

    def __init__(self, conn: asyncpg.Connection) -> None:
        self._conn = conn
        self.plan = ""

    async def fetch(self, statement: str, *arguments: Any) -> list[Any]:
        self.plan = await self._conn.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", *arguments)
        return []


async def test_a_turn_is_not_taken_where_those_before_have_found_enough(pool: asyncpg.Connection) -> None:
    explained = _Explained(pool)
    (vacancy,) = (one for one in VACANCIES if one.occupation == "02" and one.kind == "private")
    await candidates(explained, vacancy, TODAY, 20)  # pyright: ignore[reportArgumentType]
    (turns,) = [node for node in _nodes(orjson.loads(explained.plan)[0]["Plan"]) if node.get("Alias") == "turn"]
    assert turns["Actual Rows"] <= 4, "those who want the occupation first are more than enough"


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


async def test_the_benchmarks_copies_are_such_rows_as_the_store_writes(pool: asyncpg.Connection) -> None:
    undone = pool.transaction()
    await undone.start()
    try:
        originals = await pool.fetch("SELECT * FROM seeker WHERE status IS NOT NULL")
        for statement in two_years.POOL:
            await pool.execute(statement, 7, 8)
        kept = {row["seeker_id"]: dict(row) for row in await pool.fetch("SELECT * FROM seeker")}
        for row in originals:
            its_id = f"SELECT {two_years.ID.format('$1::uuid')} FROM (SELECT 7 AS copy) AS copies"
            copy = await pool.fetchval(its_id, row["seeker_id"])
            since = row["in_pool_since"] and row["in_pool_since"] - timedelta(days=7)
            assert kept[copy] == {**row, "seeker_id": copy, "in_pool_since": since}
    finally:
        await undone.rollback()
