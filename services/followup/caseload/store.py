"""All SQL that keeps the caseload. Nothing but internships is loaded or locked before it is written: only events change
it, and those that change the same come in order."""

from collections.abc import Mapping, Sequence

from chassis.batch.aggregates import NothingToFind
from chassis.database.db import Connection, columns
from chassis.database.rows import Rows
from contracts.ids import CounsellorId, InternshipId, SeekerId
from services.followup.caseload.model import Client, FormerCounsellor, Internship, Opening, WaitingKey, WaitingReferral

_WAITING = Rows[WaitingReferral](
    "waiting_referral",
    ("seeker_id", "referral_id"),
    {
        "seeker_id": ("uuid", lambda waiting: waiting.key.seeker_id),
        "referral_id": ("uuid", lambda waiting: waiting.key.referral_id),
        "made_on": "date",
    },
)
_KEEP_WAITING = _WAITING.keep_first

_ANSWERED = Rows[WaitingKey]("answered_referral", "referral_id", {"seeker_id": "uuid", "referral_id": "uuid"})
_KEEP_ANSWERED = _ANSWERED.keep_first

_INTERNSHIP = Rows[Internship](
    "internship", "internship_id", {"internship_id": "uuid", "seeker_id": "uuid", "ended_on": "date"}
)
_KEEP_INTERNSHIP = _INTERNSHIP.keep(["ended_on"])

_CLIENT = Rows[Client](
    "client",
    "seeker_id",
    {
        "seeker_id": "uuid",
        "counsellor_id": "uuid",
        "assigned_on": "date",
        "withdrawn": "bool",
        "withdrawn_on": "date",
    },
)
_KEEP_SAID = f"""{_CLIENT.insert}
    ON CONFLICT (seeker_id) DO UPDATE SET
        counsellor_id = coalesce(excluded.counsellor_id, client.counsellor_id),
        assigned_on = coalesce(excluded.assigned_on, client.assigned_on),
        withdrawn = coalesce(excluded.withdrawn, client.withdrawn),
        withdrawn_on = coalesce(excluded.withdrawn_on, client.withdrawn_on)"""

_OPENING = Rows[Opening](
    "record_opening",
    ("seeker_id", "opened_on", "counsellor_id"),
    {"seeker_id": "uuid", "opened_on": "date", "counsellor_id": "uuid"},
)
_KEEP_OPENING = _OPENING.keep_first


class WaitingReferralStore(NothingToFind):
    """Keeps which referrals wait for their answer. One that was made to a record which was given up since may be
    answered of the one that stays; where that is heard first, a mark is kept that it was answered."""

    def key(self, state: WaitingReferral) -> WaitingKey:
        return state.key

    async def load(self, conn: Connection, keys: Sequence[WaitingKey]) -> Mapping[WaitingKey, WaitingReferral]:
        return {key: WaitingReferral(key) for key in keys}

    async def save(self, conn: Connection, states: Sequence[WaitingReferral]) -> None:
        if waiting := [w for w in states if w.made_on and not w.over]:
            await conn.execute(_KEEP_WAITING, *_WAITING.arguments(waiting))
        if over := [w.key for w in states if w.over and not w.made_on]:
            await self._end(conn, over)

    async def _end(self, conn: Connection, over: Sequence[WaitingKey]) -> None:
        ended = await conn.fetch(
            """WITH given (i, r) AS (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
               DELETE FROM waiting_referral w
               USING (SELECT i, r FROM given
                      UNION ALL
                      SELECT merged_id, r FROM given JOIN merged_person m ON m.seeker_id = i) AS any_record (i, r)
               WHERE w.seeker_id = any_record.i AND w.referral_id = any_record.r
               RETURNING w.referral_id""",
            *columns(over, 2),
        )
        known = {row["referral_id"] for row in ended}
        if unheard_of := [key for key in over if key.referral_id not in known]:
            await conn.execute(_KEEP_ANSWERED, *_ANSWERED.arguments(unheard_of))


class InternshipStore(NothingToFind):
    """Keeps internships."""

    def key(self, state: Internship) -> InternshipId:
        return state.internship_id

    async def load(self, conn: Connection, keys: Sequence[InternshipId]) -> Mapping[InternshipId, Internship]:
        rows = await conn.fetch(
            f"""SELECT {_INTERNSHIP.names} FROM internship
                WHERE internship_id = ANY($1) ORDER BY internship_id FOR UPDATE""",
            keys,
        )
        return {row["internship_id"]: Internship(*row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Internship]) -> None:
        await conn.execute(_KEEP_INTERNSHIP, *_INTERNSHIP.arguments(states))


class ClientStore(NothingToFind):
    """Keeps whom each counsellor has. What a batch doesn't say stays as it was kept. They are saved after all else of
    the caseload, so that what the same batch has kept of who was erased goes with them."""

    def key(self, state: Client) -> SeekerId:
        return state.seeker_id

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, Client]:
        return {seeker_id: Client(seeker_id) for seeker_id in keys}

    async def save(self, conn: Connection, states: Sequence[Client]) -> None:
        if said := [c for c in states if not c.erased]:
            await conn.execute(_KEEP_SAID, *_CLIENT.arguments(said))
        if erased := [c.seeker_id for c in states if c.erased]:
            for table in ("client", "record_opening", "waiting_referral", "answered_referral", "internship"):
                await conn.execute(f"DELETE FROM {table} WHERE seeker_id = ANY($1)", erased)


class OpeningStore(NothingToFind):
    """Keeps openings."""

    def key(self, state: Opening) -> Opening:
        return state

    async def load(self, conn: Connection, keys: Sequence[Opening]) -> Mapping[Opening, Opening]:
        raise TypeError("an opening is only added")

    async def save(self, conn: Connection, states: Sequence[Opening]) -> None:
        await conn.execute(_KEEP_OPENING, *_OPENING.arguments(states))


class FormerCounsellorStore(NothingToFind):
    """Keeps who has left."""

    def key(self, state: FormerCounsellor) -> CounsellorId:
        return state.counsellor_id

    async def load(self, conn: Connection, keys: Sequence[CounsellorId]) -> Mapping[CounsellorId, FormerCounsellor]:
        return {key: FormerCounsellor(key) for key in keys}

    async def save(self, conn: Connection, states: Sequence[FormerCounsellor]) -> None:
        await conn.execute(
            "INSERT INTO former_counsellor (counsellor_id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING",
            [c.counsellor_id for c in states],
        )
