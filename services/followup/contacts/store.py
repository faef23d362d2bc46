"""All SQL of employments and their contacts. Those of a record that was given up are read as of the one that stays."""

from collections.abc import Mapping, Sequence

import asyncpg

from chassis.aggregates import NothingToFind
from chassis.db import Connection, columns
from contracts.ids import ContactId, PlacementId, SeekerId
from contracts.profile import Bands
from services.followup.contacts.model import Contact, Employment, EmploymentOf, EmploymentsOf

_EMPLOYMENT = "placement_id, seeker_id, placed_on, person, ended_on, corrected, source, changed_job"
_CONTACT = "contact_id, placement_id, seeker_id, step, due_on, status, attempts, try_on"

CONTACTS = """
    SELECT contact_id, placement_id, coalesce(m.seeker_id, c.seeker_id) AS seeker_id, step, due_on, status, attempts,
           try_on
    FROM contact c LEFT JOIN merged_person m ON m.merged_id = c.seeker_id"""


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
        row["try_on"],
    )


class EmploymentStore:
    """Keeps employments and their contacts, and finds one by a contact. The lock on an employment is its contacts',
    too: they are read after it is taken, and need none of their own."""

    def key(self, state: Employment) -> PlacementId:
        return state.placement_id

    async def find(self, conn: Connection, finds: Sequence[EmploymentOf]) -> Mapping[EmploymentOf, PlacementId]:
        rows = await conn.fetch(
            "SELECT contact_id, placement_id FROM contact WHERE contact_id = ANY($1)",
            [find.contact_id for find in finds],
        )
        return {EmploymentOf(row["contact_id"]): row["placement_id"] for row in rows}

    async def load(self, conn: Connection, keys: Sequence[PlacementId]) -> Mapping[PlacementId, Employment]:
        employments = await conn.fetch(
            """SELECT placement_id, coalesce(m.seeker_id, e.seeker_id) AS seeker_id, placed_on, person, ended_on,
                      corrected, source, changed_job
               FROM employment e LEFT JOIN merged_person m ON m.merged_id = e.seeker_id
               WHERE placement_id = ANY($1) ORDER BY placement_id FOR UPDATE OF e""",
            keys,
        )
        if not employments:
            return {}
        rows = await conn.fetch(
            f"{CONTACTS} WHERE placement_id = ANY($1) ORDER BY due_on, contact_id",
            [row["placement_id"] for row in employments],
        )
        contacts: dict[PlacementId, list[Contact]] = {}
        for row in rows:
            contacts.setdefault(row["placement_id"], []).append(contact_of(row))
        return {
            row["placement_id"]: Employment(
                PlacementId(row["placement_id"]),
                SeekerId(row["seeker_id"]),
                row["placed_on"],
                Bands.model_validate(row["person"]),
                tuple(contacts.get(row["placement_id"], ())),
                row["ended_on"],
                row["corrected"],
                row["source"],
                row["changed_job"],
            )
            for row in employments
        }

    async def save(self, conn: Connection, states: Sequence[Employment]) -> None:
        await conn.execute(
            f"""INSERT INTO employment AS e ({_EMPLOYMENT})
                SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::jsonb[], $5::date[], $6::boolean[],
                                     $7::text[], $8::boolean[])
                ON CONFLICT (placement_id) DO UPDATE
                SET ended_on = excluded.ended_on, corrected = excluded.corrected, changed_job = excluded.changed_job
                WHERE (e.ended_on, e.corrected, e.changed_job)
                      IS DISTINCT FROM (excluded.ended_on, excluded.corrected, excluded.changed_job)""",
            *columns(
                [
                    (
                        e.placement_id,
                        e.seeker_id,
                        e.placed_on,
                        e.person.model_dump(mode="json"),
                        e.ended_on,
                        e.corrected,
                        e.source,
                        e.changed_job,
                    )
                    for e in states
                ],
                8,
            ),
        )
        await conn.execute(
            f"""INSERT INTO contact AS c ({_CONTACT})
                SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::date[], $6::text[], $7::int[],
                                     $8::date[])
                ON CONFLICT (contact_id) DO UPDATE
                SET status = excluded.status, attempts = excluded.attempts, try_on = excluded.try_on
                WHERE (c.status, c.attempts) IS DISTINCT FROM (excluded.status, excluded.attempts)""",
            *columns(
                [
                    (c.contact_id, c.placement_id, c.seeker_id, c.step, c.due_on, c.status, c.attempts, c.try_on)
                    for e in states
                    for c in e.contacts
                ],
                8,
            ),
        )


class EmploymentsOfStore(NothingToFind):
    """Deletes all employments of a seeker, with their contacts. Their rows are locked first; those that are made before
    the seeker's mark is locked are deleted, too, and none are made after."""

    def key(self, state: EmploymentsOf) -> SeekerId:
        return state.seeker_id

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, EmploymentsOf]:
        await conn.execute(
            "SELECT FROM employment WHERE seeker_id = ANY($1) ORDER BY placement_id FOR UPDATE",
            keys,
        )
        return {key: EmploymentsOf(key) for key in keys}

    async def save(self, conn: Connection, states: Sequence[EmploymentsOf]) -> None:
        forgotten = [s.seeker_id for s in states]
        await conn.execute("DELETE FROM contact WHERE seeker_id = ANY($1)", forgotten)
        await conn.execute("DELETE FROM employment WHERE seeker_id = ANY($1)", forgotten)
