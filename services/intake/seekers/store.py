"""All SQL of the seekers."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from chassis.aggregates import NothingToFind
from chassis.db import Connection, columns
from contracts.ids import SeekerId
from services.intake.seekers.model import (
    NOTHING_DECLARED,
    Declared,
    FormerSeeker,
    InSosCare,
    MergedRecords,
    SamePerson,
    Seeker,
)

_COLUMNS = (
    "seeker_id, name, birth_date, phone, gender, district, wanted_occupations, education, career_years, "
    "desired_wage, status, registered_on, declared, care_stage, sos_care, version"
)


def seeker_of(row: asyncpg.Record) -> Seeker:
    """Read a seeker from a row."""
    return Seeker(
        SeekerId(row["seeker_id"]),
        row["name"],
        row["birth_date"],
        row["phone"],
        row["gender"],
        row["district"],
        tuple(row["wanted_occupations"]),
        row["education"],
        row["career_years"],
        row["desired_wage"],
        row["status"],
        row["registered_on"],
        Declared.model_validate(row["declared"]) if row["declared"] else NOTHING_DECLARED,
        row["care_stage"],
        row["sos_care"],
        row["version"],
    )


class SeekerStore:
    """Keeps seekers, and finds one by what makes them the same person, or who is in SOS-Care."""

    def key(self, state: Seeker) -> SeekerId:
        return state.seeker_id

    async def find(
        self, conn: Connection, finds: Sequence[SamePerson | InSosCare]
    ) -> Mapping[SamePerson | InSosCare, UUID]:
        found: dict[SamePerson | InSosCare, UUID] = {}
        if same := [find for find in finds if isinstance(find, SamePerson)]:
            found = {**found, **await self._same(conn, same)}
        if ids := [find.seeker_id for find in finds if isinstance(find, InSosCare)]:
            found = {**found, **await self._in_sos_care(conn, ids)}
        return found

    async def _same(self, conn: Connection, finds: Sequence[SamePerson]) -> Mapping[SamePerson, UUID]:
        rows = await conn.fetch(
            """SELECT asked.place, s.seeker_id
               FROM unnest($1::text[], $2::date[], $3::text[])
                    WITH ORDINALITY AS asked (name, birth_date, phone, place)
               JOIN seeker s ON s.compared_name = compared(asked.name)
                    AND s.birth_date = asked.birth_date AND s.phone = asked.phone
               ORDER BY s.same_before DESC""",
            *columns([(find.name, find.birth_date, find.phone) for find in finds], 3),
        )
        return {finds[row["place"] - 1]: row["seeker_id"] for row in rows}

    async def _in_sos_care(self, conn: Connection, ids: Sequence[SeekerId]) -> Mapping[InSosCare, UUID]:
        rows = await conn.fetch("SELECT seeker_id FROM seeker WHERE seeker_id = ANY($1) AND sos_care", ids)
        return {InSosCare(row["seeker_id"]): row["seeker_id"] for row in rows}

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, Seeker]:
        rows = await conn.fetch(
            f"SELECT {_COLUMNS} FROM seeker WHERE seeker_id = ANY($1) ORDER BY seeker_id FOR UPDATE", keys
        )
        return {SeekerId(row["seeker_id"]): seeker_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Seeker]) -> None:
        await conn.execute(
            f"""INSERT INTO seeker ({_COLUMNS})
                SELECT i, n, b, p, g, d, string_to_array(w, ','), e, c, m, s, r, a, t, o, v
                FROM unnest($1::uuid[], $2::text[], $3::date[], $4::text[], $5::text[], $6::text[], $7::text[],
                            $8::text[], $9::int[], $10::int[], $11::text[], $12::date[], $13::jsonb[], $14::text[],
                            $15::bool[], $16::int[])
                     AS given (i, n, b, p, g, d, w, e, c, m, s, r, a, t, o, v)
                ON CONFLICT (seeker_id) DO UPDATE SET
                    name = excluded.name, birth_date = excluded.birth_date, phone = excluded.phone,
                    same_before = CASE
                        WHEN (seeker.compared_name, seeker.birth_date, seeker.phone)
                             = (compared(excluded.name), excluded.birth_date, excluded.phone)
                        THEN seeker.same_before ELSE 0 END,
                    gender = excluded.gender, district = excluded.district,
                    wanted_occupations = excluded.wanted_occupations, education = excluded.education,
                    career_years = excluded.career_years, desired_wage = excluded.desired_wage,
                    status = excluded.status, registered_on = excluded.registered_on,
                    declared = excluded.declared, care_stage = excluded.care_stage,
                    sos_care = excluded.sos_care, version = excluded.version""",
            *columns(
                [
                    (
                        s.seeker_id, s.name, s.birth_date, s.phone, s.gender, s.district,
                        ",".join(s.wanted_occupations), s.education, s.career_years, s.desired_wage, s.status,
                        s.registered_on, s.declared.model_dump(mode="json", exclude_defaults=True), s.care_stage,
                        s.sos_care, s.version,
                    )
                    for s in states
                ],
                16,
            ),
        )  # fmt: skip


async def former_seekers(conn: Connection, ids: Sequence[UUID]) -> Mapping[SeekerId, FormerSeeker]:
    """Read the marks of those ids whose records are gone."""
    rows = await conn.fetch("SELECT seeker_id, merged_into FROM former_seeker WHERE seeker_id = ANY($1)", ids)
    return {SeekerId(row["seeker_id"]): FormerSeeker(SeekerId(row["seeker_id"]), row["merged_into"]) for row in rows}


class FormerSeekerStore(NothingToFind):
    """Puts marks in place of records; the marks of what was merged into one go where it goes.

    Who leaves a mark holds the lock of the record. Marks are kept last, so that what the same batch has kept of a
    record goes with it.
    """

    def key(self, state: FormerSeeker) -> SeekerId:
        return state.seeker_id

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, FormerSeeker]:
        return await former_seekers(conn, keys)

    async def save(self, conn: Connection, states: Sequence[FormerSeeker]) -> None:
        given = columns([(s.seeker_id, s.merged_into) for s in states], 2)
        await conn.execute("DELETE FROM startup_client WHERE client_id = ANY($1)", given[0])
        await conn.execute("DELETE FROM seeker WHERE seeker_id = ANY($1)", given[0])
        await conn.execute(
            """UPDATE former_seeker f SET merged_into = given.merged_into
               FROM unnest($1::uuid[], $2::uuid[]) AS given (seeker_id, merged_into)
               WHERE f.merged_into = given.seeker_id""",
            *given,
        )
        await conn.execute(
            "INSERT INTO former_seeker (seeker_id, merged_into) SELECT * FROM unnest($1::uuid[], $2::uuid[])", *given
        )


class MergedRecordsStore(NothingToFind):
    """Reads what was merged into a record, under the record's lock."""

    def key(self, state: MergedRecords) -> SeekerId:
        return state.seeker_id

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, MergedRecords]:
        rows = await conn.fetch(
            """SELECT merged_into, array_agg(seeker_id ORDER BY seeker_id) AS merged_ids
               FROM former_seeker WHERE merged_into = ANY($1) GROUP BY merged_into""",
            keys,
        )
        return {row["merged_into"]: MergedRecords(row["merged_into"], tuple(row["merged_ids"])) for row in rows}

    async def save(self, conn: Connection, states: Sequence[MergedRecords]) -> None:
        raise TypeError("what was merged is only read")
