"""All SQL of the internships."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from chassis.batch.aggregates import Aggregate, Find
from chassis.database.db import Connection
from chassis.database.rows import Rows
from contracts.ids import InternshipId
from services.matching.internships.model import Internship, InternshipOfPlacement

_ROWS = Rows[Internship](
    "internship",
    "internship_id",
    {
        "internship_id": "uuid",
        "referral_id": "uuid",
        "seeker_id": "uuid",
        "vacancy_id": "uuid",
        "started_on": "date",
        "status": "text",
        "ended_on": "date",
        "broken_off_by": "text",
        "placement_id": "uuid",
        "occupation": "text",
    },
)
_KEEP = _ROWS.keep(["status", "ended_on", "broken_off_by", "placement_id"])


def internship_of(row: asyncpg.Record) -> Internship:
    """Read an internship from a row."""
    return Internship(
        row["internship_id"],
        row["referral_id"],
        row["seeker_id"],
        row["vacancy_id"],
        row["started_on"],
        row["status"],
        row["ended_on"],
        row["broken_off_by"],
        row["placement_id"],
        row["occupation"],
    )


class InternshipStore(Aggregate[Internship]):
    """Keeps internships, and finds the one that was converted to a placement.

    A command that touches an internship touches its seeker, whose row is locked before, so an internship needs no lock
    of its own.
    """

    def key(self, state: Internship) -> InternshipId:
        return state.internship_id

    async def find(self, conn: Connection, finds: Sequence[Find]) -> Mapping[Find, UUID]:
        rows = await conn.fetch(
            """SELECT p.placement_id, i.internship_id FROM placement p JOIN internship i USING (referral_id)
               WHERE p.placement_id = ANY($1) AND i.placement_id = p.placement_id""",
            [find.placement_id for find in finds if isinstance(find, InternshipOfPlacement)],
        )
        return {InternshipOfPlacement(row["placement_id"]): row["internship_id"] for row in rows}

    async def load(self, conn: Connection, keys: Sequence[InternshipId]) -> Mapping[InternshipId, Internship]:
        rows = await conn.fetch(
            f"SELECT {_ROWS.names} FROM internship WHERE internship_id = ANY($1) ORDER BY internship_id", keys
        )
        return {row["internship_id"]: internship_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Internship]) -> None:
        await conn.execute(_KEEP, *_ROWS.arguments(states))
