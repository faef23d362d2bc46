"""Reads of SOS-Care."""

from uuid import UUID

from chassis.database.db import Connection
from services.intake.sos_care.model import Triage
from services.intake.sos_care.store import triage_of


async def triages(conn: Connection, seeker_id: UUID) -> list[Triage] | None:
    """List a seeker's triages, the newest first; None when there is no such seeker."""
    if not await conn.fetchval("SELECT EXISTS (SELECT FROM seeker WHERE seeker_id = $1)", seeker_id):
        return None
    rows = await conn.fetch("SELECT * FROM sos_care_triage WHERE seeker_id = $1 ORDER BY triage_id DESC", seeker_id)
    return [triage_of(row) for row in rows]
