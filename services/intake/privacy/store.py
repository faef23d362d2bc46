"""All SQL that keeps consents, invitations and reads."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

import asyncpg
import uuid_utils.compat as uuids

from chassis.batch.aggregates import Aggregate
from chassis.batch.clock import Instant
from chassis.batch.decisions import Actor
from chassis.batch.effects import Doer
from chassis.database.db import Connection, columns
from chassis.database.rows import Rows
from contracts.ids import SeekerId
from services.intake.privacy.model import Consent, ConsentKey, Look, Opening, SurveyInvitation

_CONSENT = Rows[Consent](
    "consent",
    "consent_id",
    {
        "consent_id": ("uuid", lambda _: uuids.uuid7()),
        "seeker_id": ("uuid", lambda consent: consent.key.seeker_id),
        "purpose": ("text", lambda consent: consent.key.purpose),
        "given": "bool",
        "text_version": "text",
        "occurred_on": "date",
        "recorded_at": "timestamptz",
        "actor_role": ("text", lambda consent: consent.by_role),
        "actor_id": ("text", lambda consent: consent.by_id),
    },
)

_OPENING = Rows[Opening](
    "record_opening",
    "opening_id",
    {
        "opening_id": "uuid",
        "seeker_id": "uuid",
        "counsellor_id": "uuid",
        "reason": "text",
        "opened_on": "date",
        "opened_at": "timestamptz",
    },
)

_INVITATION = Rows[SurveyInvitation]("survey_invitation", "digest", {"digest": "text", "drawn_on": "date"})
_KEEP_INVITATION = _INVITATION.keep_first


def consent_of(row: asyncpg.Record) -> Consent:
    """Read a consent from a row."""
    return Consent(
        ConsentKey(SeekerId(row["seeker_id"]), row["purpose"]),
        row["given"],
        row["text_version"],
        row["occurred_on"],
        row["recorded_at"],
        row["actor_role"],
        row["actor_id"],
    )


class ConsentStore(Aggregate[Consent]):
    """Keeps what people said, each time by itself; what is loaded is what they said last. The seeker's row is locked
    before, so consents need no lock of their own."""

    def key(self, state: Consent) -> ConsentKey:
        return state.key

    async def load(self, conn: Connection, keys: Sequence[ConsentKey]) -> Mapping[ConsentKey, Consent]:
        rows = await conn.fetch(
            f"""SELECT DISTINCT ON (seeker_id, purpose) {_CONSENT.names}
                FROM consent JOIN unnest($1::uuid[], $2::text[]) AS asked (seeker_id, purpose)
                USING (seeker_id, purpose)
                ORDER BY seeker_id, purpose, occurred_on DESC, consent_id DESC""",
            *columns(keys, 2),
        )
        return {consent.key: consent for consent in map(consent_of, rows)}

    async def save(self, conn: Connection, states: Sequence[Consent]) -> None:
        await conn.execute(_CONSENT.insert, *_CONSENT.arguments(states))


class AddOpenings(Doer[Opening]):
    """Adds openings, each with the look that it is."""

    async def do(self, conn: Connection, effects: Sequence[Opening]) -> None:
        await conn.execute(_OPENING.insert, *_OPENING.arguments(effects))
        for one in effects:
            instant = Instant(one.opened_at, one.opened_on)
            await note_reads(conn, [one.seeker_id], "opening", one.opened_by, instant, {one.seeker_id})


class AddInvitations(Doer[SurveyInvitation]):
    """Adds invitations. No lock is theirs: two batches that add the same ones add them in one order."""

    async def do(self, conn: Connection, effects: Sequence[SurveyInvitation]) -> None:
        await conn.execute(_KEEP_INVITATION, *_INVITATION.arguments(sorted(effects)))


async def note_tried(conn: Connection, actor: Actor, day: date, rows: int) -> int:
    """Take down that somebody has tried out so many persons; gives how many they have on that day, with these."""
    tries = await conn.fetchval(
        """INSERT INTO tried_out AS t (reader_role, reader_id, tried_on, rows) VALUES ($1, $2, $3, $4)
           ON CONFLICT (reader_role, reader_id, tried_on) DO UPDATE SET rows = t.rows + excluded.rows RETURNING rows""",
        actor.role,
        actor.id,
        day,
        rows,
    )
    return int(tries or 0)


async def note_reads(
    conn: Connection,
    seeker_ids: Sequence[UUID],
    what: Look,
    reader: Actor,
    instant: Instant,
    of_another: Collection[UUID] = (),
) -> None:
    """Take down who saw whose data, by what, and when; `of_another` are those who are somebody else's."""
    await conn.execute(
        """INSERT INTO seeker_read (read_id, seeker_id, what, reader_role, reader_id, read_on, read_at, of_another)
           SELECT r, s, $3, $4, $5, $6, $7, a FROM unnest($1::uuid[], $2::uuid[], $8::bool[]) AS given (r, s, a)""",
        [uuids.uuid7() for _ in seeker_ids],
        list(seeker_ids),
        what,
        reader.role,
        reader.id,
        instant.day,
        instant.at,
        [seeker_id in of_another for seeker_id in seeker_ids],
    )
