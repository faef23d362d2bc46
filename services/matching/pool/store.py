"""All SQL of the pool."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from chassis.aggregates import Find
from chassis.db import Connection, columns
from contracts.ids import PlacementId, SeekerId
from services.matching.found import found, kept, placed
from services.matching.pool.model import (
    HeldJob,
    Profile,
    Seeker,
    SeekerOfInternship,
    SeekerOfPlacement,
    SeekerOfReferral,
)

_COLUMNS = (
    "seeker_id, status, registered_on, birth_year, gender, district, wanted_occupations, wanted_districts, "
    "wanted_employment, desired_wage, career_years, education, in_pool_since, placement_id, internship_id, "
    "convertible_id, income_band, care_stage, sos_care, breadwinner, in_public_job, merged_into, other_jobs, "
    "back_from"
)
_NO_PROFILE = (None,) * 11
_NO_CARE = (None, None, False, None)


def seeker_of(row: asyncpg.Record) -> Seeker:
    """Read a seeker from a row."""
    return Seeker(
        SeekerId(row["seeker_id"]),
        _profile_of(row),
        row["in_pool_since"],
        row["placement_id"],
        row["internship_id"],
        row["convertible_id"],
        row["in_public_job"],
        row["merged_into"],
        tuple(HeldJob(PlacementId(UUID(id_)), public) for id_, public in (row["other_jobs"] or {}).items()),
        row["back_from"],
    )


class SeekerStore:
    """Keeps the pool, and finds the seeker of a referral, an internship or a placement, or whom an id stands for."""

    def key(self, state: Seeker) -> SeekerId:
        return state.seeker_id

    async def find(self, conn: Connection, finds: Sequence[Find]) -> Mapping[Find, UUID]:
        of = await found(conn, "seeker_id", finds, SeekerOfReferral, SeekerOfInternship)
        return {**of, **await placed(conn, "seeker_id", finds, SeekerOfPlacement), **await kept(conn, finds)}

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, Seeker]:
        rows = await conn.fetch(
            f"SELECT {_COLUMNS} FROM seeker WHERE seeker_id = ANY($1) ORDER BY seeker_id FOR UPDATE", keys
        )
        return {row["seeker_id"]: seeker_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Seeker]) -> None:
        await conn.execute(
            f"""INSERT INTO seeker ({_COLUMNS})
                SELECT i, s, r, b, g, d, string_to_array(o, ','), string_to_array(w, ','), string_to_array(e, ','),
                       m, c, x, p, l, n, v, a, k, y, f, j, q, h, t
                FROM unnest($1::uuid[], $2::text[], $3::date[], $4::int[], $5::text[], $6::text[], $7::text[],
                            $8::text[], $9::text[], $10::int[], $11::int[], $12::text[], $13::date[], $14::uuid[],
                            $15::uuid[], $16::uuid[], $17::text[], $18::text[], $19::bool[], $20::bool[], $21::bool[],
                            $22::uuid[], $23::jsonb[], $24::uuid[])
                     AS given (i, s, r, b, g, d, o, w, e, m, c, x, p, l, n, v, a, k, y, f, j, q, h, t)
                ON CONFLICT (seeker_id) DO UPDATE SET
                    status = excluded.status, registered_on = excluded.registered_on,
                    birth_year = excluded.birth_year, gender = excluded.gender, district = excluded.district,
                    wanted_occupations = excluded.wanted_occupations, wanted_districts = excluded.wanted_districts,
                    wanted_employment = excluded.wanted_employment, desired_wage = excluded.desired_wage,
                    career_years = excluded.career_years, education = excluded.education,
                    in_pool_since = excluded.in_pool_since, placement_id = excluded.placement_id,
                    internship_id = excluded.internship_id, convertible_id = excluded.convertible_id,
                    income_band = excluded.income_band, care_stage = excluded.care_stage,
                    sos_care = excluded.sos_care, breadwinner = excluded.breadwinner,
                    in_public_job = excluded.in_public_job, merged_into = excluded.merged_into,
                    other_jobs = excluded.other_jobs, back_from = excluded.back_from""",
            *columns(
                [
                    (
                        s.seeker_id, *_cells(s.profile), s.in_pool_since, s.placement_id, s.internship_id,
                        s.convertible_id, *_care_cells(s.profile), s.in_public_job, s.merged_into,
                        {str(id_): public for id_, public in s.other_jobs} or None, s.back_from,
                    )
                    for s in states
                ],
                24,
            ),
        )  # fmt: skip


def _profile_of(row: asyncpg.Record) -> Profile | None:
    if row["status"] is None:
        return None
    return Profile(
        row["status"],
        row["registered_on"],
        row["birth_year"],
        row["gender"],
        row["district"],
        tuple(row["wanted_occupations"]),
        tuple(row["wanted_districts"]),
        tuple(row["wanted_employment"]),
        row["desired_wage"],
        row["career_years"],
        row["education"],
        row["income_band"],
        row["care_stage"],
        row["sos_care"],
        row["breadwinner"],
    )


def _cells(profile: Profile | None) -> tuple[Any, ...]:
    if profile is None:
        return _NO_PROFILE
    return (
        profile.status, profile.registered_on, profile.birth_year, profile.gender, profile.district,
        ",".join(profile.wanted_occupations), ",".join(profile.wanted_districts),
        ",".join(profile.wanted_employment), profile.desired_wage, profile.career_years, profile.education,
    )  # fmt: skip


def _care_cells(profile: Profile | None) -> tuple[Any, ...]:
    if profile is None:
        return _NO_CARE
    return profile.income_band, profile.care_stage, profile.sos_care, profile.breadwinner
