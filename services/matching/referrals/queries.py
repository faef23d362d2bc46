"""Reads of referrals."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, Self
from uuid import UUID

from chassis.database.db import Connection
from chassis.http.cursors import START, Place
from chassis.http.held import HeldTo
from services.matching.owners import seekers_open_to
from services.matching.pool.queries import RECORD_OF
from services.matching.referrals.model import WAITING, Referral, ReferralStatus
from services.matching.referrals.store import referral_of


class Wanted(NamedTuple):
    """Which referrals to list: of these statuses (none: of any), made before a day, of a seeker, to a vacancy."""

    statuses: tuple[ReferralStatus, ...]
    made_before: date | None
    seeker_id: UUID | None
    vacancy_id: UUID | None

    @classmethod
    def of(
        cls,
        statuses: Sequence[ReferralStatus] | None,
        made_before: date | None,
        seeker_id: UUID | None,
        vacancy_id: UUID | None,
    ) -> Self:
        """Want what was asked for; those that wait where neither a status nor a seeker nor a vacancy was."""
        whatever = () if seeker_id or vacancy_id else tuple(sorted(WAITING))
        return cls(tuple(statuses or whatever), made_before, seeker_id, vacancy_id)


async def referral(conn: Connection, referral_id: UUID) -> Referral | None:
    """Read one referral, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM referral WHERE referral_id = $1", referral_id)
    return referral_of(row) if row else None


async def referrals(
    conn: Connection, wanted: Wanted, limit: int, after: Place | None, held: HeldTo | None = None
) -> list[Referral]:
    """List referrals by the day on which they were made, from a place on; of those whom the list is held to.

    Only what is asked for is in the query, so that PostgreSQL sees which index it can take.
    """
    asked: list[tuple[str, Any]] = []
    if wanted.statuses:
        asked.append(("status = ANY({})", list(wanted.statuses)))
    if wanted.made_before:
        asked.append(("made_on < {}", wanted.made_before))
    if wanted.seeker_id:
        asked.append((f"seeker_id = {RECORD_OF}", wanted.seeker_id))
    if wanted.vacancy_id:
        asked.append(("vacancy_id = {}", wanted.vacancy_id))
    day, referral_id = after or START
    conditions = [condition.format(f"${place}") for place, (condition, _) in enumerate(asked, 4)]
    is_open, arguments = seekers_open_to(held, "referral.seeker_id", 4 + len(asked))
    rows = await conn.fetch(
        f"""SELECT * FROM referral WHERE {" AND ".join(["(made_on, referral_id) > ($1, $2)", *conditions, is_open])}
            ORDER BY made_on, referral_id LIMIT $3""",
        day,
        referral_id,
        limit,
        *(value for _, value in asked),
        *arguments,
    )
    return [referral_of(row) for row in rows]
