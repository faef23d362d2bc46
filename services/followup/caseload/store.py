"""All SQL that keeps the caseload. Only internships are loaded: of the rest no rule asks what was. Events alone change
it, and those that change the same come in order."""

from collections.abc import Mapping, Sequence

from chassis.batch.aggregates import Aggregate
from chassis.batch.effects import Doer
from chassis.database.db import Connection, columns
from chassis.database.rows import Rows
from contracts.ids import InternshipId, SeekerId
from services.followup.caseload.model import (
    AnsweredReferral,
    Client,
    ForgottenClient,
    FormerCounsellor,
    Internship,
    Opening,
    WaitingKey,
    WaitingReferral,
)

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


class InternshipStore(Aggregate[Internship]):
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


class AddWaiting(Doer[WaitingReferral]):
    """Keeps which referrals wait for their answer."""

    async def do(self, conn: Connection, effects: Sequence[WaitingReferral]) -> None:
        await conn.execute(_KEEP_WAITING, *_WAITING.arguments(effects))


class EndWaiting(Doer[AnsweredReferral]):
    """Deletes referrals that wait no longer, under whichever record of the person they were made; where that is heard
    before they were, a mark is kept that they were answered."""

    async def do(self, conn: Connection, effects: Sequence[AnsweredReferral]) -> None:
        over = [answered.key for answered in effects]
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


class NoteClients(Doer[Client]):
    """Keeps whom each counsellor has. What isn't said stays as it was kept."""

    async def do(self, conn: Connection, effects: Sequence[Client]) -> None:
        said: dict[SeekerId, Client] = {}
        for client in effects:
            before = said.get(client.seeker_id)
            said[client.seeker_id] = before.and_then(client) if before else client
        await conn.execute(_KEEP_SAID, *_CLIENT.arguments(list(said.values())))


class AddOpenings(Doer[Opening]):
    """Adds openings. No lock is theirs: two batches that add the same ones add them in one order."""

    async def do(self, conn: Connection, effects: Sequence[Opening]) -> None:
        await conn.execute(_KEEP_OPENING, *_OPENING.arguments(sorted(effects)))


class NoteDepartures(Doer[FormerCounsellor]):
    """Keeps who has left."""

    async def do(self, conn: Connection, effects: Sequence[FormerCounsellor]) -> None:
        await conn.execute(
            "INSERT INTO former_counsellor (counsellor_id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING",
            sorted(former.counsellor_id for former in effects),
        )


class DeleteClients(Doer[ForgottenClient]):
    """Deletes all that the caseload has of seekers."""

    async def do(self, conn: Connection, effects: Sequence[ForgottenClient]) -> None:
        forgotten = [client.seeker_id for client in effects]
        for table in ("client", "record_opening", "waiting_referral", "answered_referral", "internship"):
            await conn.execute(f"DELETE FROM {table} WHERE seeker_id = ANY($1)", forgotten)
