"""Reads of seekers. Whoever shows what they give notes who was seen (see the slice privacy)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple
from uuid import UUID

from chassis.batch.decisions import Refused
from chassis.database.db import Connection
from chassis.http.cursors import START
from chassis.http.held import HeldTo
from contracts.codes import CareStage, District, Occupation
from contracts.ids import SeekerId
from services.intake.owners import seekers_open_to
from services.intake.seekers.model import FormerSeeker, Seeker
from services.intake.seekers.rules import refuse_former
from services.intake.seekers.store import former_seekers, seeker_of


class Search(NamedTuple):
    """What seekers are looked for by; None where it doesn't matter."""

    name: str | None = None
    phone: str | None = None
    birth_date: date | None = None
    district: District | None = None
    status: Literal["active", "withdrawn"] | None = None
    wanted_occupation: Occupation | None = None
    care_stage: CareStage | None = None
    sos_care: bool | None = None


async def seeker(conn: Connection, seeker_id: UUID) -> Seeker | None:
    """Read one seeker, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM seeker WHERE seeker_id = $1", seeker_id)
    return seeker_of(row) if row else None


async def former(conn: Connection, seeker_id: UUID) -> FormerSeeker | None:
    """Read the mark of a record that is gone, None when there is none."""
    return (await former_seekers(conn, [seeker_id])).get(SeekerId(seeker_id))


async def ids_of(conn: Connection, seeker_id: UUID) -> list[UUID]:
    """List the ids that a person is known by: the record's, and those of the records that were merged into it."""
    rows = await conn.fetch("SELECT seeker_id FROM former_seeker WHERE merged_into = $1", seeker_id)
    return [seeker_id, *(row["seeker_id"] for row in rows)]


async def former_ids(conn: Connection, ids: Sequence[UUID]) -> Mapping[UUID, Refused]:
    """Tell what to answer for ids of records that are gone."""
    return {former_id: refuse_former(mark) for former_id, mark in (await former_seekers(conn, ids)).items()}


MOST_COMPARED = 2_000
"""So many records are compared with one: all of a birth date that stands for an unknown one may be more."""


async def perhaps_alike(conn: Connection, seeker: Seeker) -> tuple[list[Seeker], bool]:
    """Read the other seekers who have a seeker's birth date or phone, MOST_COMPARED at the most, those of the same
    name or phone first; gives with them whether there are more."""
    rows = await conn.fetch(
        """SELECT * FROM seeker WHERE seeker_id <> $1 AND (birth_date = $2 OR phone = $3)
           ORDER BY (birth_date = $2)::int + (phone = $3)::int + (compared_name = compared($4))::int DESC,
                    registered_on, seeker_id
           LIMIT $5""",
        seeker.seeker_id,
        seeker.birth_date,
        seeker.phone,
        seeker.name,
        MOST_COMPARED + 1,
    )
    return [seeker_of(row) for row in rows[:MOST_COMPARED]], len(rows) > MOST_COMPARED


async def seekers(
    conn: Connection, search: Search, limit: int, after: tuple[date, UUID] | None, held: HeldTo | None = None
) -> list[Seeker]:
    """List the seekers that a search finds, by their day of registration, from a place on; of those whom the list is
    held to."""
    day, seeker_id = after or START
    given: list[object] = [day, seeker_id, limit]
    conditions = ["(registered_on, seeker_id) > ($1, $2)"]
    for condition, value in (
        ("compared_name = compared(${})", search.name),
        ("phone = ${}", search.phone),
        ("birth_date = ${}", search.birth_date),
        ("district = ${}", search.district),
        ("status = ${}", search.status),
        ("${} = ANY(wanted_occupations)", search.wanted_occupation),
        ("care_stage = ${}", search.care_stage),
        ("sos_care = ${}", search.sos_care),
    ):
        if value is not None:
            given.append(value)
            conditions.append(condition.format(len(given)))
    is_open, arguments = seekers_open_to(held, len(given) + 1)
    conditions.append(is_open)
    given.extend(arguments)
    rows = await conn.fetch(
        f"SELECT * FROM seeker WHERE {' AND '.join(conditions)} ORDER BY registered_on, seeker_id LIMIT $3", *given
    )
    return [seeker_of(row) for row in rows]
