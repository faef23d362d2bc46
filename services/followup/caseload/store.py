"""All SQL that keeps the caseload. Nothing is loaded and nothing locked before it is written: only events change it,
and those that change the same come in order."""

from collections.abc import Mapping, Sequence

from chassis.aggregates import NothingToFind
from chassis.db import Connection, columns
from contracts.ids import SeekerId
from services.followup.caseload.model import Client, WaitingKey, WaitingReferral


class ClientStore(NothingToFind):
    """Keeps whom each counsellor has. What a batch doesn't say stays as it was kept."""

    def key(self, state: Client) -> SeekerId:
        return state.seeker_id

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, Client]:
        return {seeker_id: Client(seeker_id) for seeker_id in keys}

    async def save(self, conn: Connection, states: Sequence[Client]) -> None:
        if said := [c for c in states if not c.erased]:
            await conn.execute(
                """INSERT INTO client AS c (seeker_id, counsellor_id, assigned_on, withdrawn)
                   SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::bool[])
                   ON CONFLICT (seeker_id) DO UPDATE SET
                       counsellor_id = coalesce(excluded.counsellor_id, c.counsellor_id),
                       assigned_on = coalesce(excluded.assigned_on, c.assigned_on),
                       withdrawn = coalesce(excluded.withdrawn, c.withdrawn)""",
                *columns([(c.seeker_id, c.counsellor_id, c.assigned_on, c.withdrawn) for c in said], 4),
            )
        if erased := [c.seeker_id for c in states if c.erased]:
            await conn.execute("DELETE FROM client WHERE seeker_id = ANY($1)", erased)
            await conn.execute("DELETE FROM waiting_referral WHERE seeker_id = ANY($1)", erased)


class WaitingReferralStore(NothingToFind):
    """Keeps which referrals wait for their answer."""

    def key(self, state: WaitingReferral) -> WaitingKey:
        return state.key

    async def load(self, conn: Connection, keys: Sequence[WaitingKey]) -> Mapping[WaitingKey, WaitingReferral]:
        return {key: WaitingReferral(key) for key in keys}

    async def save(self, conn: Connection, states: Sequence[WaitingReferral]) -> None:
        if waiting := [(*w.key, w.made_on) for w in states if w.made_on]:
            await conn.execute(
                """INSERT INTO waiting_referral (seeker_id, referral_id, made_on)
                   SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[]) ON CONFLICT DO NOTHING""",
                *columns(waiting, 3),
            )
        if over := [w.key for w in states if not w.made_on]:
            await conn.execute(
                """DELETE FROM waiting_referral w USING unnest($1::uuid[], $2::uuid[]) AS given (i, r)
                   WHERE w.seeker_id = given.i AND w.referral_id = given.r""",
                *columns(over, 2),
            )
