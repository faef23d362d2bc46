"""Reads of consents, of invitations to surveys, and of who has read what."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.cursors import START
from chassis.db import Connection
from contracts.surveys import invitation_digest
from services.intake.seekers.queries import ids_of


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
