"""Reads of referrals."""

from uuid import UUID

from chassis.db import Connection
from services.matching.referrals.model import Referral
from services.matching.referrals.store import referral_of


async def referral(conn: Connection, referral_id: UUID) -> Referral | None:
    """Read one referral, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM referral WHERE referral_id = $1", referral_id)
    return referral_of(row) if row else None
