"""All SQL of the pool."""

from collections.abc import Mapping, Sequence
from typing import get_args
from uuid import UUID

import asyncpg

from chassis.batch.aggregates import Aggregate, Find
from chassis.database.db import Connection
from chassis.database.rows import Rows, of_part
from contracts.codes import DISTRICTS, OCCUPATIONS, Gender, IncomeBand
from contracts.ids import PlacementId, SeekerId
from contracts.open_codes import kept_code
from services.matching.lookup_queries import Leads, about, kept
from services.matching.pool.model import (
    HeldJob,
    Profile,
    Seeker,
    SeekerOfInternship,
    SeekerOfPlacement,
    SeekerOfReferral,
)

_GENDERS = get_args(Gender)
_INCOME_BANDS = get_args(IncomeBand)
"""What events about the person tell again, with the codes that matching itself doesn't know."""


def _others(seeker: Seeker) -> dict[str, bool] | None:
    return {str(placement_id): public for placement_id, public in seeker.other_jobs} or None


_ROWS = Rows[Seeker](
    "seeker",
    "seeker_id",
    {
        "seeker_id": "uuid",
        "status": ("text", of_part("profile", "status")),
        "registered_on": ("date", of_part("profile", "registered_on")),
        "birth_year": ("int", of_part("profile", "birth_year")),
        "gender": ("text", of_part("profile", "gender")),
        "district": ("text", of_part("profile", "district")),
        "wanted_occupations": ("text[]", of_part("profile", "wanted_occupations")),
        "wanted_districts": ("text[]", of_part("profile", "wanted_districts")),
        "wanted_employment": ("text[]", of_part("profile", "wanted_employment")),
        "desired_wage": ("int", of_part("profile", "desired_wage")),
        "career_years": ("int", of_part("profile", "career_years")),
        "education": ("text", of_part("profile", "education")),
        "in_pool_since": "date",
        "placement_id": "uuid",
        "internship_id": "uuid",
        "convertible_id": "uuid",
        "income_band": ("text", of_part("profile", "income_band")),
        "care_stage": ("text", of_part("profile", "care_stage")),
        "sos_care": ("bool", lambda seeker: seeker.profile is not None and seeker.profile.sos_care),
        "breadwinner": ("bool", of_part("profile", "breadwinner")),
        "in_public_job": "bool",
        "merged_into": "uuid",
        "other_jobs": ("jsonb", _others),
        "back_from": "uuid",
    },
)
_KEEP = _ROWS.keep()

_LEADS: Leads = {
    SeekerOfReferral: "seeker_id",
    SeekerOfInternship: "seeker_id",
    SeekerOfPlacement: "seeker_id",
}


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


class SeekerStore(Aggregate[Seeker]):
    """Keeps the pool, and finds the seeker of a referral, an internship or a placement, or whom an id stands for."""

    def key(self, state: Seeker) -> SeekerId:
        return state.seeker_id

    async def find(self, conn: Connection, finds: Sequence[Find]) -> Mapping[Find, UUID]:
        return {**await about(conn, finds, _LEADS), **await kept(conn, finds)}

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, Seeker]:
        rows = await conn.fetch(
            f"SELECT {_ROWS.names} FROM seeker WHERE seeker_id = ANY($1) ORDER BY seeker_id FOR UPDATE", keys
        )
        return {row["seeker_id"]: seeker_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Seeker]) -> None:
        await conn.execute(_KEEP, *_ROWS.arguments(states))


def _profile_of(row: asyncpg.Record) -> Profile | None:
    if row["status"] is None:
        return None
    return Profile(
        row["status"],
        row["registered_on"],
        row["birth_year"],
        kept_code(row["gender"], _GENDERS),
        kept_code(row["district"], DISTRICTS),
        tuple(kept_code(code, OCCUPATIONS) for code in row["wanted_occupations"]),
        tuple(row["wanted_districts"]),
        tuple(row["wanted_employment"]),
        row["desired_wage"],
        row["career_years"],
        row["education"],
        kept_code(row["income_band"], _INCOME_BANDS),
        row["care_stage"],
        row["sos_care"],
        row["breadwinner"],
    )
