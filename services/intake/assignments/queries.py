"""Reads of assignments, of the counsellors' loads, and of who is to be assigned."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple
from uuid import UUID

import asyncpg

from chassis.database.db import Connection
from contracts.ids import CounsellorId, SeekerId
from services.intake.assignments.model import Assignment, Desk, Specialist
from services.intake.counsellors.model import Absences
from services.intake.counsellors.store import periods_of
from services.intake.seekers.model import Seeker
from services.intake.seekers.store import seeker_of

ASSIGNMENT = """seeker_id, counsellor_id, client_group, assigned_on, counsellor_chosen,
    EXISTS (SELECT FROM startup_client c WHERE c.client_id = seeker_id) AS startup"""


def assignment_of(row: asyncpg.Record) -> Assignment:
    """Read an assignment from a row of ASSIGNMENT."""
    counsellor_id = row["counsellor_id"]
    return Assignment(
        SeekerId(row["seeker_id"]),
        CounsellorId(counsellor_id) if counsellor_id else None,
        row["client_group"],
        row["assigned_on"],
        row["startup"],
        row["counsellor_chosen"],
    )


class Assigned(NamedTuple):
    """A seeker with their assignment."""

    seeker: Seeker
    assignment: Assignment


async def in_service(conn: Connection, day: date) -> Desk:
    """Read who is in service on a day, by id, without how many seekers they have."""
    rows = await conn.fetch(
        """SELECT c.counsellor_id, c.groups, a.absences
           FROM counsellor c LEFT JOIN counsellor_absences a USING (counsellor_id)
           WHERE c.joined_on <= $1 AND (c.left_on IS NULL OR c.left_on > $1) ORDER BY c.counsellor_id""",
        day,
    )
    return Desk(day, tuple(_specialist(row, day) for row in rows))


def _specialist(row: asyncpg.Record, day: date) -> Specialist:
    counsellor_id = CounsellorId(row["counsellor_id"])
    absence = Absences(counsellor_id, periods_of(row["absences"])).on(day)
    return Specialist(counsellor_id, tuple(row["groups"]), away_days=absence.days if absence else 0)


async def desk(conn: Connection, day: date) -> Desk:
    """Read who is in service on a day, and how many active seekers each has."""
    found = await in_service(conn, day)
    rows = await conn.fetch(
        """SELECT counsellor_id, count(*) AS seekers FROM seeker
           WHERE status = 'active' AND counsellor_id = ANY($1) GROUP BY counsellor_id""",
        [one.counsellor_id for one in found.specialists],
    )
    loads = Counter({row["counsellor_id"]: row["seekers"] for row in rows})
    return replace(
        found, specialists=tuple(replace(one, seekers=loads[one.counsellor_id]) for one in found.specialists)
    )


async def unassigned(conn: Connection, limit: int) -> list[SeekerId]:
    """List active seekers who have no counsellor, those who registered first before the others."""
    rows = await conn.fetch(
        """SELECT seeker_id FROM seeker WHERE status = 'active' AND counsellor_id IS NULL
           ORDER BY seeker_id LIMIT $1""",
        limit,
    )
    return [SeekerId(row["seeker_id"]) for row in rows]


async def in_doubt(conn: Connection, limit: int) -> list[SeekerId]:
    """List active seekers who may belong to another client group than the one they were assigned by."""
    rows = await conn.fetch(
        """SELECT seeker_id FROM group_in_doubt JOIN seeker USING (seeker_id)
           WHERE status = 'active' ORDER BY seeker_id LIMIT $1""",
        limit,
    )
    return [SeekerId(row["seeker_id"]) for row in rows]


async def count_unassigned(conn: Connection) -> int:
    """Count the active seekers who have no counsellor."""
    counted = await conn.fetchval("SELECT count(*) FROM seeker WHERE status = 'active' AND counsellor_id IS NULL")
    return int(counted or 0)


async def left(conn: Connection, day: date) -> list[CounsellorId]:
    """List the counsellors who are out of service on a day."""
    rows = await conn.fetch("SELECT counsellor_id FROM counsellor WHERE left_on <= $1", day)
    return [CounsellorId(row["counsellor_id"]) for row in rows]


async def seekers_of(conn: Connection, counsellors: Sequence[CounsellorId], limit: int) -> list[SeekerId]:
    """List active seekers of any of these counsellors."""
    rows = await conn.fetch(
        "SELECT seeker_id FROM seeker WHERE status = 'active' AND counsellor_id = ANY($1) LIMIT $2", counsellors, limit
    )
    return [SeekerId(row["seeker_id"]) for row in rows]


async def assignment(conn: Connection, seeker_id: UUID) -> Assignment | None:
    """Read the assignment of a seeker, None when there is no such seeker."""
    row = await conn.fetchrow(f"SELECT {ASSIGNMENT} FROM seeker WHERE seeker_id = $1", seeker_id)
    return assignment_of(row) if row else None


async def seekers(conn: Connection, counsellor_id: UUID, limit: int, after: UUID | None) -> list[Assigned]:
    """List the active seekers of a counsellor, by their id, from one on."""
    rows = await conn.fetch(
        """SELECT *, false AS startup FROM seeker WHERE status = 'active' AND counsellor_id = $1 AND seeker_id > $2
           ORDER BY seeker_id LIMIT $3""",
        counsellor_id,
        after or UUID(int=0),
        limit,
    )
    return [Assigned(seeker_of(row), assignment_of(row)) for row in rows]
