"""All SQL of employments, their contacts and tries. Those of a record that was given up are read as of the one that
stays."""

from collections.abc import Mapping, Sequence

import asyncpg

from chassis.aggregates import NothingToFind
from chassis.db import Connection, columns
from contracts.ids import ContactId, PlacementId, SeekerId
from contracts.profile import Bands
from services.followup.contacts.model import Contact, Employment, EmploymentOf, EmploymentsOf, StayingRecord, Try

_TOLD = """placed_on, person, ended_on, corrected, source, changed_job, occupation, sector, employment, end_reason,
    next_ended_on, next_end_reason"""
_CONTACT = "contact_id, placement_id, seeker_id, step, due_on, status, attempts, try_on"

EMPLOYMENTS = f"""
    SELECT placement_id, coalesce(m.seeker_id, e.seeker_id) AS seeker_id, {_TOLD}
    FROM employment e LEFT JOIN merged_person m ON m.merged_id = e.seeker_id"""

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


async def with_contacts(conn: Connection, employments: Sequence[asyncpg.Record]) -> list[Employment]:
    """Read employments from rows, and their contacts with them."""
    if not employments:
        return []
    rows = await conn.fetch(
        f"{CONTACTS} WHERE placement_id = ANY($1) ORDER BY due_on, contact_id",
        [row["placement_id"] for row in employments],
    )
    contacts: dict[PlacementId, list[Contact]] = {}
    for row in rows:
        contacts.setdefault(row["placement_id"], []).append(contact_of(row))
    return [
        Employment(
            PlacementId(row["placement_id"]),
            SeekerId(row["seeker_id"]),
            row["placed_on"],
            Bands.model_validate(row["person"]),
            tuple(contacts.get(row["placement_id"], ())),
            row["ended_on"],
            row["corrected"],
            row["source"],
            row["changed_job"],
            row["occupation"],
            row["sector"],
            row["employment"],
            row["end_reason"],
            row["next_ended_on"],
            row["next_end_reason"],
        )
        for row in employments
    ]


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
        rows = await conn.fetch(
            f"{EMPLOYMENTS} WHERE placement_id = ANY($1) ORDER BY placement_id FOR UPDATE OF e", keys
        )
        return {employment.placement_id: employment for employment in await with_contacts(conn, rows)}

    async def save(self, conn: Connection, states: Sequence[Employment]) -> None:
        # `heard_as` is of the moment of hearing alone: later states don't have it, and no row changes whose it is.
        await conn.execute(
            f"""INSERT INTO employment AS e (placement_id, seeker_id, {_TOLD})
                SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::jsonb[], $5::date[], $6::boolean[],
                                     $7::text[], $8::boolean[], $9::text[], $10::text[], $11::text[], $12::text[],
                                     $13::date[], $14::text[])
                ON CONFLICT (placement_id) DO UPDATE
                SET ended_on = excluded.ended_on, corrected = excluded.corrected, changed_job = excluded.changed_job,
                    end_reason = excluded.end_reason, next_ended_on = excluded.next_ended_on,
                    next_end_reason = excluded.next_end_reason
                WHERE (e.ended_on, e.corrected, e.changed_job)
                      IS DISTINCT FROM (excluded.ended_on, excluded.corrected, excluded.changed_job)""",
            *columns(
                [
                    (
                        e.placement_id,
                        e.heard_as or e.seeker_id,
                        e.placed_on,
                        e.person.model_dump(mode="json"),
                        e.ended_on,
                        e.corrected,
                        e.source,
                        e.changed_job,
                        e.occupation,
                        e.sector,
                        e.employment,
                        e.end_reason,
                        e.next_ended_on,
                        e.next_end_reason,
                    )
                    for e in states
                ],
                14,
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
                    (
                        c.contact_id,
                        c.placement_id,
                        e.heard_as or c.seeker_id,
                        c.step,
                        c.due_on,
                        c.status,
                        c.attempts,
                        c.try_on,
                    )
                    for e in states
                    for c in e.contacts
                ],
                8,
            ),
        )


class TryStore(NothingToFind):
    """Keeps tries. They are only ever added, under the lock of their employment."""

    def key(self, state: Try) -> tuple[ContactId, int]:
        return state.contact_id, state.attempt

    async def load(
        self, conn: Connection, keys: Sequence[tuple[ContactId, int]]
    ) -> Mapping[tuple[ContactId, int], Try]:
        raise TypeError("a try is only added")

    async def save(self, conn: Connection, states: Sequence[Try]) -> None:
        await conn.execute(
            """INSERT INTO contact_try (contact_id, attempt, occurred_on, outcome, satisfaction)
               SELECT * FROM unnest($1::uuid[], $2::int[], $3::date[], $4::text[], $5::int[])""",
            *columns([(t.contact_id, t.attempt, t.occurred_on, t.outcome, t.satisfaction) for t in states], 5),
        )


class EmploymentsOfStore(NothingToFind):
    """Deletes all employments of a seeker, with their contacts and the tries of these. Their rows are locked first;
    those that are made before the seeker's mark is locked are deleted, too, and none are made after."""

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


class StayingRecordStore(NothingToFind):
    """Reads which record stays for one that something names. It needs no lock: what is heard before a merge is told of
    the record that it names."""

    def key(self, state: StayingRecord) -> SeekerId:
        return state.named

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, StayingRecord]:
        rows = await conn.fetch("SELECT merged_id, seeker_id FROM merged_person WHERE merged_id = ANY($1)", keys)
        stays = {row["merged_id"]: row["seeker_id"] for row in rows}
        return {key: StayingRecord(key, stays.get(key, key)) for key in keys}

    async def save(self, conn: Connection, states: Sequence[StayingRecord]) -> None:
        raise TypeError("which record stays is only read")
