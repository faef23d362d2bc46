"""All SQL of the seekers."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from chassis.batch.aggregates import Aggregate, Look
from chassis.batch.effects import Doer
from chassis.database.db import Connection, columns
from chassis.database.rows import Rows
from contracts.ids import SeekerId
from services.intake.seekers.model import (
    NOTHING_DECLARED,
    Declared,
    FormerSeeker,
    InSosCare,
    MergedRecords,
    RecordGone,
    SamePerson,
    Seeker,
)

_SEEKER = Rows[Seeker](
    "seeker",
    "seeker_id",
    {
        "seeker_id": "uuid",
        "name": "text",
        "birth_date": "date",
        "phone": "text",
        "gender": "text",
        "district": "text",
        "wanted_occupations": "text[]",
        "education": "text",
        "career_years": "int",
        "desired_wage": "int",
        "status": "text",
        "registered_on": "date",
        "declared": ("jsonb", lambda seeker: seeker.declared.model_dump(mode="json", exclude_defaults=True)),
        "care_stage": "text",
        "sos_care": "bool",
        "version": "int",
    },
)
_KEEP_SEEKER = _SEEKER.keep(
    also="""same_before = CASE
        WHEN (seeker.compared_name, seeker.birth_date, seeker.phone)
             = (compared(excluded.name), excluded.birth_date, excluded.phone)
        THEN seeker.same_before ELSE 0 END"""
)

_FORMER = Rows[FormerSeeker]("former_seeker", "seeker_id", {"seeker_id": "uuid", "merged_into": "uuid"})
_LEAD_ON = f"""UPDATE former_seeker f SET merged_into = given.merged_into
    FROM {_FORMER.given} WHERE f.merged_into = given.seeker_id"""


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


class SeekerStore(Aggregate[Seeker]):
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
            f"SELECT {_SEEKER.names} FROM seeker WHERE seeker_id = ANY($1) ORDER BY seeker_id FOR UPDATE", keys
        )
        return {SeekerId(row["seeker_id"]): seeker_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Seeker]) -> None:
        await conn.execute(_KEEP_SEEKER, *_SEEKER.arguments(states))


async def former_seekers(conn: Connection, ids: Sequence[UUID]) -> Mapping[SeekerId, FormerSeeker]:
    """Read the marks of those ids whose records are gone."""
    rows = await conn.fetch(f"SELECT {_FORMER.names} FROM former_seeker WHERE seeker_id = ANY($1)", ids)
    return {SeekerId(row["seeker_id"]): FormerSeeker(SeekerId(row["seeker_id"]), row["merged_into"]) for row in rows}


class FormerSeekerStore(Aggregate[FormerSeeker]):
    """Keeps the marks in place of records; the marks of what was merged into one go where it goes. Who leaves a mark
    holds the lock of the record."""

    def key(self, state: FormerSeeker) -> SeekerId:
        return state.seeker_id

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, FormerSeeker]:
        return await former_seekers(conn, keys)

    async def save(self, conn: Connection, states: Sequence[FormerSeeker]) -> None:
        marks = _FORMER.arguments(states)
        await conn.execute(_LEAD_ON, *marks)
        await conn.execute(_FORMER.insert, *marks)


class MergedRecordsStore(Look[MergedRecords]):
    """Reads what was merged into a record, under the record's lock."""

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, MergedRecords]:
        rows = await conn.fetch(
            """SELECT merged_into, array_agg(seeker_id ORDER BY seeker_id) AS merged_ids
               FROM former_seeker WHERE merged_into = ANY($1) GROUP BY merged_into""",
            keys,
        )
        return {row["merged_into"]: MergedRecords(row["merged_into"], tuple(row["merged_ids"])) for row in rows}


class DeleteRecords(Doer[RecordGone]):
    """Deletes records, under their locks. Sessions, launches and looks stay as they were taken down."""

    async def do(self, conn: Connection, effects: Sequence[RecordGone]) -> None:
        gone = [record.seeker_id for record in effects]
        await conn.execute("DELETE FROM startup_client WHERE client_id = ANY($1)", gone)
        await conn.execute("DELETE FROM seeker WHERE seeker_id = ANY($1)", gone)
