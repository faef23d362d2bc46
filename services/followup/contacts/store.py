"""All SQL of employments and contacts."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from chassis.aggregates import NothingToFind
from chassis.db import Connection, columns
from contracts.ids import ContactId, PlacementId, SeekerId
from contracts.profile import Bands
from services.followup.contacts.model import Contact, Employment, EmploymentOf

_CONTACT = "contact_id, placement_id, seeker_id, step, due_on, status, attempts"


def contact_of(row: asyncpg.Record) -> Contact:
    """Read a contact from a row."""
    return Contact(
        ContactId(row["contact_id"]),
        PlacementId(row["placement_id"]),
        SeekerId(row["seeker_id"]),
        row["step"],
        row["due_on"],
        row["status"],
        row["attempts"],
    )


class EmploymentStore:
    """Keeps employments, and finds one by a contact."""

    def key(self, state: Employment) -> PlacementId:
        return state.placement_id

    async def find(self, conn: Connection, finds: Sequence[EmploymentOf]) -> Mapping[EmploymentOf, UUID]:
        rows = await conn.fetch(
            "SELECT contact_id, placement_id FROM contact WHERE contact_id = ANY($1)",
            [find.contact_id for find in finds],
        )
        return {EmploymentOf(row["contact_id"]): row["placement_id"] for row in rows}

    async def load(self, conn: Connection, keys: Sequence[PlacementId]) -> Mapping[PlacementId, Employment]:
        rows = await conn.fetch(
            """SELECT placement_id, seeker_id, placed_on, person, ended_on FROM employment
               WHERE placement_id = ANY($1) ORDER BY placement_id FOR UPDATE""",
            keys,
        )
        return {
            PlacementId(row["placement_id"]): Employment(
                PlacementId(row["placement_id"]),
                SeekerId(row["seeker_id"]),
                row["placed_on"],
                Bands.model_validate(row["person"]),
                row["ended_on"],
            )
            for row in rows
        }

    async def save(self, conn: Connection, states: Sequence[Employment]) -> None:
        await conn.execute(
            """INSERT INTO employment (placement_id, seeker_id, placed_on, person, ended_on)
               SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::jsonb[], $5::date[])
               ON CONFLICT (placement_id) DO UPDATE SET ended_on = excluded.ended_on""",
            *columns(
                [
                    (e.placement_id, e.seeker_id, e.placed_on, e.person.model_dump(mode="json"), e.ended_on)
                    for e in states
                ],
                5,
            ),
        )


class ContactStore(NothingToFind):
    """Keeps contacts."""

    def key(self, state: Contact) -> ContactId:
        return state.contact_id

    async def load(self, conn: Connection, keys: Sequence[ContactId]) -> Mapping[ContactId, Contact]:
        rows = await conn.fetch(
            f"SELECT {_CONTACT} FROM contact WHERE contact_id = ANY($1) ORDER BY contact_id FOR UPDATE", keys
        )
        return {ContactId(row["contact_id"]): contact_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Contact]) -> None:
        await conn.execute(
            f"""INSERT INTO contact ({_CONTACT})
                SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::date[], $6::text[], $7::int[])
                ON CONFLICT (contact_id) DO UPDATE SET status = excluded.status, attempts = excluded.attempts""",
            *columns(
                [(c.contact_id, c.placement_id, c.seeker_id, c.step, c.due_on, c.status, c.attempts) for c in states],
                7,
            ),
        )
