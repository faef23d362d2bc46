"""Reads of contacts and employments, with the tries that were made."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from chassis.database.db import Connection
from chassis.http.cursors import END, START, Place
from chassis.http.held import HeldTo
from services.followup.contacts.model import Contact, Employment, Status
from services.followup.contacts.store import CONTACTS, EMPLOYMENTS, contact_of, with_contacts
from services.followup.owners import seekers_open_to
from services.followup.persons import records_of

Told = dict[str, Any]
"""A contact with its `tries`, or an employment whose contacts have theirs."""


async def contact(conn: Connection, contact_id: UUID) -> Told | None:
    """Read one contact, None when there is none."""
    row = await conn.fetchrow(f"{CONTACTS} WHERE contact_id = $1", contact_id)
    return (await _with_tries(conn, [contact_of(row)]))[0] if row else None


async def contacts(
    conn: Connection,
    status: Status,
    today: date,
    limit: int,
    after: tuple[date, UUID] | None,
    held: HeldTo | None = None,
) -> list[Contact]:
    """List the contacts of a status that are not put off to a later day, by their day, from a place on; of those whom
    the list is held to."""
    day, contact_id = after or START
    is_open, arguments = seekers_open_to(held, "coalesce(m.seeker_id, c.seeker_id)", 6)
    rows = await conn.fetch(
        f"""{CONTACTS} WHERE status = $1 AND (due_on, contact_id) > ($2, $3)
             AND (try_on IS NULL OR try_on <= $4) AND {is_open}
           ORDER BY due_on, contact_id LIMIT $5""",
        status,
        day,
        contact_id,
        today,
        limit,
        *arguments,
    )
    return [contact_of(row) for row in rows]


async def employment(conn: Connection, placement_id: UUID) -> Told | None:
    """Read the employment that began with a placement, None when there is none."""
    rows = await conn.fetch(f"{EMPLOYMENTS} WHERE placement_id = $1", placement_id)
    found = await _told(conn, await with_contacts(conn, rows))
    return found[0] if found else None


async def employments(conn: Connection, seeker_id: UUID, limit: int, after: Place | None) -> list[Told]:
    """List the employments of a seeker, the latest first, from a place on."""
    rows = await conn.fetch(
        f"""{EMPLOYMENTS} WHERE e.seeker_id IN ({records_of("$1")}) AND (placed_on, placement_id) < ($2, $3)
            ORDER BY placed_on DESC, placement_id DESC LIMIT $4""",
        seeker_id,
        *(after or END),
        limit,
    )
    return await _told(conn, await with_contacts(conn, rows))


async def _told(conn: Connection, employments: Sequence[Employment]) -> list[Told]:
    contacts = await _with_tries(conn, [contact for each in employments for contact in each.contacts])
    by_placement: defaultdict[UUID, list[Told]] = defaultdict(list)
    for contact in contacts:
        by_placement[contact["placement_id"]].append(contact)
    return [{**asdict(each), "contacts": by_placement[each.placement_id]} for each in employments]


async def _with_tries(conn: Connection, contacts: Sequence[Contact]) -> list[Told]:
    rows = await conn.fetch(
        """SELECT contact_id, attempt, occurred_on, outcome, satisfaction FROM contact_try
           WHERE contact_id = ANY($1) ORDER BY contact_id, attempt""",
        [contact.contact_id for contact in contacts],
    )
    tries: defaultdict[UUID, list[Told]] = defaultdict(list)
    for row in rows:
        tries[row["contact_id"]].append(dict(row))
    return [{**asdict(contact), "tries": tries[contact.contact_id]} for contact in contacts]
