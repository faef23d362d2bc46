"""The centre's two years in a stack, in a short time: a part of the plan is driven through the services, and what they
wrote of it is copied by SQL, as if each person and firm had been there so many times.

A copy has ids of its own. In reporting it also has other occupations, districts and age bands than what it is a copy
of, so that a day has as many different sums as it would have; tests/load/test_two_years.py has reporting count such
copies, and compares all rows. The ledger has no copies: no figure that is measured reads it.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import asyncpg

from contracts.codes import AGE_BANDS, DISTRICTS, OCCUPATIONS
from jobplus.replay.run import planned, replay
from jobplus.stack.local import Stack

PLAN = Path("plans/two-years.json")
COPYING_SECONDS = 3600.0
SUMMING_SECONDS = 600.0
LOOK_SECONDS = 0.2

_SUMMED_UP = """
    SELECT every(through >= CASE what WHEN 'splits' THEN (SELECT coalesce(max(fact_id), 0) FROM fact)
                                      ELSE (SELECT coalesce(max(position), 0) FROM ledger) END)
    FROM summed"""

OTHERS: Mapping[str, tuple[Sequence[str], int]] = {
    "occupation": (OCCUPATIONS, 1),
    "wanted_occupation": (OCCUPATIONS, 1),
    "district": ([district for district in DISTRICTS if district != "outside"], 1),
    "age_band": (AGE_BANDS, len(OCCUPATIONS)),
}
"""What a copy tells otherwise: the codes that it goes through, and by how many copies it comes to the next one."""

Say = Callable[[str], None]


def drive(stack: Stack, part: Fraction, say: Say) -> None:
    """Replay a part of the plan on a stack that runs and holds no data."""
    replayed = replay(planned(PLAN, part), stack, 1, scaled=part != 1)
    say(f"{replayed.actions} actions driven")


def other(name: str, code: str, copy: int) -> str:
    """Give the code that a copy has for one; any other than those that it goes through stays."""
    codes, each = OTHERS[name]
    return codes[(codes.index(code) + copy // each) % len(codes)] if code in codes else code


def _other(name: str, code: str) -> str:
    """Give the SQL of the same."""
    codes, each = OTHERS[name]
    listed = "'{" + ",".join(codes) + "}'::text[]"
    place = f"(array_position({listed}, {code}) - 1 + copy / {each}) % {len(codes)} + 1"
    return f"coalesce(({listed})[{place}], {code})"


ID = "(left({0}::text, 24) || left(md5({0}::text || copy), 12))::uuid"
"""The id that a copy has for one, of the same millisecond."""

COPIES = "generate_series($1::int, $2::int - 1) AS copy"

_TOLD = f"""dimensions || jsonb_strip_nulls(jsonb_build_object({
    ", ".join(f"'{name}', " + _other(name, f"dimensions ->> '{name}'") for name in OTHERS)
}))"""

_CODE = "CASE dimension " + " ".join(f"WHEN '{name}' THEN {_other(name, 'code')}" for name in OTHERS) + " ELSE code END"
"""What they tell of one dimension."""

_TEXT = f"""(SELECT '{{' || string_agg(to_json(key)::text || ':' || value::text, ',' ORDER BY key COLLATE "C") || '}}'
             FROM jsonb_each({_TOLD.replace("dimensions", "dimensions::jsonb")}))"""
"""What they tell, as reporting writes it."""

REPORTING = (
    f"""INSERT INTO public.fact (position, measure, occurred_on, recorded_at, dimensions, amount)
        SELECT position, measure, occurred_on, recorded_at, {_TOLD}, amount FROM fact, {COPIES}
        ORDER BY recorded_at""",
    f"""INSERT INTO public.daily (measure, occurred_on, recorded_on, dimensions, amount)
        SELECT measure, occurred_on, recorded_on, {_TOLD} AS told, sum(amount) FROM daily, {COPIES}
        GROUP BY measure, occurred_on, recorded_on, told
        ON CONFLICT (measure, occurred_on, recorded_on, dimensions)
        DO UPDATE SET amount = daily.amount + excluded.amount""",
    f"""INSERT INTO public.person_event (person_id, history, recorded_at, event_id, subject, counts, occurred_on,
                                         dimensions, follow_up)
        SELECT {ID.format("person_id")}, history, recorded_at, {ID.format("event_id")}, {ID.format("subject")},
               counts, occurred_on, coalesce({_TEXT}, dimensions), follow_up
        FROM person_event, {COPIES}""",
    f"""INSERT INTO public.unplaced_change (position, occurred_on, recorded_at, dimensions, amount)
        SELECT position, occurred_on, recorded_at, {_TOLD}, amount FROM unplaced_change, {COPIES}
        ORDER BY recorded_at""",
    f"""INSERT INTO public.unplaced_daily (dimension, occurred_on, recorded_on, code, amount)
        SELECT dimension, occurred_on, recorded_on, {_CODE} AS turned, sum(amount) FROM unplaced_daily, {COPIES}
        GROUP BY dimension, occurred_on, recorded_on, turned
        ON CONFLICT (dimension, occurred_on, recorded_on, code)
        DO UPDATE SET amount = unplaced_daily.amount + excluded.amount""",
    f"""INSERT INTO public.person_again (history, person_id, occurred_on, previous_on, dimensions)
        SELECT history, {ID.format("person_id")}, occurred_on, previous_on, {_TOLD} FROM person_again, {COPIES}""",
)
"""What copies all that figures are read from, but for what reporting itself sums up of the facts (`summed_up`)."""

POOL = (
    f"""INSERT INTO public.seeker (seeker_id, status, registered_on, birth_year, gender, district, wanted_occupations,
                                   wanted_districts, wanted_employment, desired_wage, career_years, education,
                                   in_pool_since, placement_id, internship_id, income_band, care_stage, sos_care,
                                   breadwinner, in_public_job)
        SELECT {ID.format("seeker_id")}, status, registered_on, birth_year, gender, district, wanted_occupations,
               wanted_districts, wanted_employment, desired_wage, career_years, education, in_pool_since - copy % 60,
               placement_id, internship_id, income_band, care_stage, sos_care, breadwinner, in_public_job
        FROM seeker, {COPIES} WHERE status IS NOT NULL""",
    f"""INSERT INTO public.referral (referral_id, seeker_id, vacancy_id, employer_id, occupation, made_on, status,
                                     answer, reason, version)
        SELECT {ID.format("referral_id")}, {ID.format("seeker_id")}, {ID.format("vacancy_id")}, employer_id,
               occupation, made_on, status, answer, reason, version
        FROM referral, {COPIES} WHERE status IN ('made', 'postponed', 'accepted', 'refused')""",
)
"""What copies those that matching knows, with those referrals that a ranking looks at. Copies have entered the pool on
other days."""


async def summed_up(conn: asyncpg.Connection) -> None:
    """Wait until reporting has summed up all that it has counted (raises TimeoutError)."""
    end = time.monotonic() + SUMMING_SECONDS
    while time.monotonic() < end:
        if await conn.fetchval(_SUMMED_UP):
            return
        await asyncio.sleep(LOOK_SECONDS)
    raise TimeoutError(f"sums are still behind after {SUMMING_SECONDS:.0f} s")


async def copy(conn: asyncpg.Connection, statements: Sequence[str], copies: range, *, of: str = "public") -> None:
    """Make copies of what a database holds in a schema, each by its number: none twice."""
    await conn.execute("SET transaction_timeout = 0")  # of the connection: VACUUM stands in no transaction
    async with conn.transaction():
        await conn.execute(f"SET LOCAL search_path = {of}, public")
        for statement in statements:
            await conn.execute(statement, copies.start, copies.stop, timeout=COPYING_SECONDS)
    await conn.execute("VACUUM ANALYZE", timeout=COPYING_SECONDS)
