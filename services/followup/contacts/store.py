"""All SQL of employments, their contacts and tries. Those of a record that was given up are read as of the one that
stays."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import get_args

import asyncpg

from chassis.batch.aggregates import Aggregate, Look
from chassis.batch.effects import Doer
from chassis.database.db import Connection
from chassis.database.rows import Rows
from contracts.codes import OCCUPATIONS, PlacementSource, Sector
from contracts.codes import Employment as EmploymentKind
from contracts.ids import ContactId, PlacementId, SeekerId
from contracts.open_codes import kept, kept_code
from contracts.profile import Bands
from services.followup.contacts.model import (
    Contact,
    Employment,
    EmploymentOf,
    EmploymentsOf,
    ForgottenEmployments,
    StayingRecord,
    Try,
)

_SOURCES, _SECTORS, _KINDS = get_args(PlacementSource), get_args(Sector), get_args(EmploymentKind)

_EMPLOYMENT = Rows[Employment](
    "employment",
    "placement_id",
    {
        "placement_id": "uuid",
        # `heard_as` is of the moment of hearing alone: later states don't have it, and no row changes whose it is.
        "seeker_id": ("uuid", lambda employment: employment.heard_as or employment.seeker_id),
        "placed_on": "date",
        "person": ("jsonb", lambda employment: employment.person.model_dump(mode="json")),
        "ended_on": "date",
        "corrected": "bool",
        "source": "text",
        "changed_job": "bool",
        "occupation": "text",
        "sector": "text",
        "employment": "text",
        "end_reason": "text",
        "next_ended_on": "date",
        "next_end_reason": "text",
    },
)
_KEEP_EMPLOYMENT = _EMPLOYMENT.keep(
    ["ended_on", "corrected", "changed_job", "end_reason", "next_ended_on", "next_end_reason"], if_changed=True
)

_CONTACT = Rows[Contact](
    "contact",
    "contact_id",
    {
        "contact_id": "uuid",
        "placement_id": "uuid",
        "seeker_id": "uuid",
        "step": "text",
        "due_on": "date",
        "status": "text",
        "attempts": "int",
        "try_on": "date",
    },
)
_KEEP_CONTACT = _CONTACT.keep(["status", "attempts", "try_on"], if_changed=True)

_TRY = Rows[Try](
    "contact_try",
    ("contact_id", "attempt"),
    {"contact_id": "uuid", "attempt": "int", "occurred_on": "date", "outcome": "text", "satisfaction": "int"},
)

EMPLOYMENTS = f"""
    SELECT {_EMPLOYMENT.names_as(seeker_id="coalesce(m.seeker_id, e.seeker_id)")}
    FROM employment e LEFT JOIN merged_person m ON m.merged_id = e.seeker_id"""

CONTACTS = f"""
    SELECT {_CONTACT.names_as(seeker_id="coalesce(m.seeker_id, c.seeker_id)")}
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
            kept(Bands, row["person"]),
            tuple(contacts.get(row["placement_id"], ())),
            row["ended_on"],
            row["corrected"],
            kept_code(row["source"], _SOURCES),
            row["changed_job"],
            kept_code(row["occupation"], OCCUPATIONS),
            kept_code(row["sector"], _SECTORS),
            kept_code(row["employment"], _KINDS),
            row["end_reason"],
            row["next_ended_on"],
            row["next_end_reason"],
        )
        for row in employments
    ]


class EmploymentStore(Aggregate[Employment]):
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
        await conn.execute(_KEEP_EMPLOYMENT, *_EMPLOYMENT.arguments(states))
        await conn.execute(_KEEP_CONTACT, *_CONTACT.arguments([c for e in states for c in _as_heard(e)]))


def _as_heard(employment: Employment) -> Sequence[Contact]:
    """Give the contacts of an employment under the record that its placement named, while that is known."""
    if employment.heard_as is None:
        return employment.contacts
    return [replace(contact, seeker_id=employment.heard_as) for contact in employment.contacts]


class EmploymentsOfStore(Look[EmploymentsOf]):
    """Reads which employments seekers have, and locks them."""

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, EmploymentsOf]:
        rows = await conn.fetch(
            "SELECT seeker_id, placement_id FROM employment WHERE seeker_id = ANY($1) ORDER BY placement_id FOR UPDATE",
            keys,
        )
        found: dict[SeekerId, set[PlacementId]] = {}
        for row in rows:
            found.setdefault(row["seeker_id"], set()).add(row["placement_id"])
        return {seeker_id: EmploymentsOf(seeker_id, frozenset(of_one)) for seeker_id, of_one in found.items()}


class StayingRecordStore(Look[StayingRecord]):
    """Reads which record stays for one that something names. It needs no lock: what is heard before a merge is told of
    the record that it names."""

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, StayingRecord]:
        rows = await conn.fetch("SELECT merged_id, seeker_id FROM merged_person WHERE merged_id = ANY($1)", keys)
        stays = {row["merged_id"]: row["seeker_id"] for row in rows}
        return {key: StayingRecord(key, stays.get(key, key)) for key in keys}


class AddTries(Doer[Try]):
    """Adds tries, under the locks of their employments."""

    async def do(self, conn: Connection, effects: Sequence[Try]) -> None:
        await conn.execute(_TRY.insert, *_TRY.arguments(effects))


class DeleteEmployments(Doer[ForgottenEmployments]):
    """Deletes all employments of seekers, with their contacts and the tries of these. Those that were made before the
    seeker's mark was locked are deleted, too, and none are made after."""

    async def do(self, conn: Connection, effects: Sequence[ForgottenEmployments]) -> None:
        forgotten = [of.seeker_id for of in effects]
        await conn.execute("DELETE FROM contact WHERE seeker_id = ANY($1)", forgotten)
        await conn.execute("DELETE FROM employment WHERE seeker_id = ANY($1)", forgotten)
