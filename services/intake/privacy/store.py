"""All SQL that keeps consents, invitations and reads."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg
import uuid_utils.compat as uuids

from chassis.aggregates import NothingToFind
from chassis.clock import Instant
from chassis.db import Connection, columns
from chassis.decisions import Actor
from contracts.ids import SeekerId
from services.intake.privacy.model import Consent, ConsentKey, Look, SurveyInvitation

_CONSENT = "consent_id, seeker_id, purpose, given, text_version, occurred_on, recorded_at, actor_role, actor_id"


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


class ConsentStore(NothingToFind):
    """Keeps what people said, each time by itself; what is loaded is what they said last. The seeker's row is locked
    before, so consents need no lock of their own."""

    def key(self, state: Consent) -> ConsentKey:
        return state.key

    async def load(self, conn: Connection, keys: Sequence[ConsentKey]) -> Mapping[ConsentKey, Consent]:
        rows = await conn.fetch(
            f"""SELECT DISTINCT ON (seeker_id, purpose) {_CONSENT}
                FROM consent JOIN unnest($1::uuid[], $2::text[]) AS asked (seeker_id, purpose)
                USING (seeker_id, purpose)
                ORDER BY seeker_id, purpose, occurred_on DESC, consent_id DESC""",
            *columns(keys, 2),
        )
        return {consent.key: consent for consent in map(consent_of, rows)}

    async def save(self, conn: Connection, states: Sequence[Consent]) -> None:
        await conn.execute(
            f"""INSERT INTO consent ({_CONSENT})
                SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::boolean[], $5::text[], $6::date[],
                                     $7::timestamptz[], $8::text[], $9::text[])""",
            *columns(
                [
                    (
                        uuids.uuid7(), *c.key, c.given, c.text_version, c.occurred_on, c.recorded_at, c.by_role,
                        c.by_id,
                    )
                    for c in states
                ],
                9,
            ),
        )  # fmt: skip


class SurveyInvitationStore(NothingToFind):
    """Keeps invitations. They are only ever added."""

    def key(self, state: SurveyInvitation) -> str:
        return state.digest

    async def load(self, conn: Connection, keys: Sequence[str]) -> Mapping[str, SurveyInvitation]:
        raise TypeError("an invitation is only added")

    async def save(self, conn: Connection, states: Sequence[SurveyInvitation]) -> None:
        await conn.execute(
            """INSERT INTO survey_invitation (digest, drawn_on) SELECT * FROM unnest($1::text[], $2::date[])
               ON CONFLICT DO NOTHING""",
            *columns([(i.digest, i.drawn_on) for i in states], 2),
        )


async def note_reads(conn: Connection, seeker_ids: Sequence[UUID], what: Look, reader: Actor, instant: Instant) -> None:
    """Take down who saw whose data, by what, and when."""
    await conn.execute(
        """INSERT INTO seeker_read (read_id, seeker_id, what, reader_role, reader_id, read_on, read_at)
           SELECT r, s, $3, $4, $5, $6, $7 FROM unnest($1::uuid[], $2::uuid[]) AS given (r, s)""",
        [uuids.uuid7() for _ in seeker_ids],
        list(seeker_ids),
        what,
        reader.role,
        reader.id,
        instant.day,
        instant.at,
    )
