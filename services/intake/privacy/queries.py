"""Reads of consents, of invitations to surveys, and of who has read what."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from chassis.batch.decisions import Actor
from chassis.database.db import Connection
from chassis.http.cursors import START
from contracts.counselling import OpeningReason
from contracts.surveys import invitation_digest
from services.intake.seekers.queries import ids_of


class SoughtOpenings(NamedTuple):
    """Which openings are looked for, days included; None where it doesn't matter."""

    first: date | None = None
    last: date | None = None
    counsellor_id: UUID | None = None
    reason: OpeningReason | None = None


async def consents(
    conn: Connection, seeker_id: UUID, limit: int, after: tuple[date, UUID] | None
) -> list[dict[str, Any]]:
    """List what a person said about the uses of their data, by its day, from a place on."""
    rows = await conn.fetch(
        """SELECT consent_id, purpose, given, text_version, occurred_on, recorded_at, actor_role, actor_id
           FROM consent WHERE seeker_id = $1 AND (occurred_on, consent_id) > ($2, $3)
           ORDER BY occurred_on, consent_id LIMIT $4""",
        seeker_id,
        *(after or START),
        limit,
    )
    return [dict(row) for row in rows]


async def declined_surveys(conn: Connection, seeker_id: UUID) -> date | None:
    """Tell on which day a person agreed to surveys no longer, None where they do or never spoke of it."""
    row = await conn.fetchrow(
        """SELECT given, occurred_on FROM consent WHERE seeker_id = $1 AND purpose = 'surveys'
           ORDER BY occurred_on DESC, consent_id DESC LIMIT 1""",
        seeker_id,
    )
    return row["occurred_on"] if row and not row["given"] else None


async def invited_on(conn: Connection, seeker_id: UUID, invitation_id: UUID) -> date | None:
    """Tell the day of the survey that a person is asked by, also under a record since merged into theirs; None where
    the invitation is not known to be theirs."""
    digests = [invitation_digest(invitation_id, known_by) for known_by in await ids_of(conn, seeker_id)]
    return await conn.fetchval("SELECT drawn_on FROM survey_invitation WHERE digest = ANY($1)", digests)


async def others_seen(conn: Connection, reader: Actor, day: date, about_to: Collection[UUID]) -> int:
    """Count whom of others a reader has been shown on a day, with those whom they are about to be shown. The reader's
    looks wait for each other, so that two at once don't both take the last of a quota."""
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", str(reader))
    counted = await conn.fetchval(
        """SELECT count(*) FROM (
               SELECT seeker_id FROM seeker_read
               WHERE reader_id = $1 AND reader_role = $2 AND read_on = $3 AND of_another
               UNION SELECT unnest($4::uuid[])) AS seen""",
        reader.id,
        reader.role,
        day,
        list(about_to),
    )
    return int(counted or 0)


async def openings(
    conn: Connection, sought: SoughtOpenings, limit: int, after: tuple[date, UUID] | None
) -> list[dict[str, Any]]:
    """List whose records were opened by whom and why, by the day, from a place on."""
    rows = await conn.fetch(
        """SELECT opening_id, seeker_id, counsellor_id, reason, opened_on, opened_at FROM record_opening
           WHERE (opened_on, opening_id) > ($1, $2) AND opened_on BETWEEN $3 AND $4
             AND ($5::uuid IS NULL OR counsellor_id = $5) AND ($6::text IS NULL OR reason = $6)
           ORDER BY opened_on, opening_id LIMIT $7""",
        *(after or START),
        sought.first or date.min,
        sought.last or date.max,
        sought.counsellor_id,
        sought.reason,
        limit,
    )
    return [dict(row) for row in rows]


async def seeker_reads(
    conn: Connection, seeker_id: UUID, limit: int, after: tuple[date, UUID] | None
) -> list[dict[str, Any]]:
    """List who read a person's data, by its day, from a place on, also under ids that were merged into theirs."""
    rows = await conn.fetch(
        """SELECT read_id, seeker_id, what, reader_role, reader_id, read_on, read_at
           FROM seeker_read WHERE seeker_id = ANY($1) AND (read_on, read_id) > ($2, $3)
           ORDER BY read_on, read_id LIMIT $4""",
        await ids_of(conn, seeker_id),
        *(after or START),
        limit,
    )
    return [dict(row) for row in rows]
