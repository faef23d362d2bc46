"""All SQL of who was served, of records that were merged, of consents, and of the surveys and their invitations.

What a record that was given up was served, asked and said is read as that of the one that stays.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from operator import itemgetter
from uuid import UUID

import asyncpg

from chassis.batch.aggregates import Aggregate, Look
from chassis.batch.effects import Doer
from chassis.database.db import Connection, columns
from chassis.database.rows import Rows
from contracts.ids import SeekerId, SurveyId
from services.followup.surveys.model import (
    EVERY_SURVEY,
    AskedPersons,
    ForgottenTraces,
    Invitation,
    InvitationId,
    InvitationKey,
    InvitationsOf,
    MergedPerson,
    ServedPerson,
    Survey,
    SurveyConsent,
    Urn,
    UrnKey,
)

_SERVED = Rows[tuple[UUID, date]](
    "served", ("person_id", "day"), {"person_id": ("uuid", itemgetter(0)), "day": ("date", itemgetter(1))}
)
_KEEP_SERVED = _SERVED.keep_first

_CONSENT = Rows[SurveyConsent](
    "survey_consent",
    "person_id",
    {"person_id": "uuid", "given": "bool", "occurred_on": "date", "recorded_at": "timestamptz"},
)
_KEEP_CONSENT = _CONSENT.keep()

_MERGED = Rows[MergedPerson]("merged_person", "merged_id", {"merged_id": "uuid", "seeker_id": "uuid"})
_KEEP_MERGED = _MERGED.keep_first

_SURVEY = Rows[Survey](
    "survey",
    "survey_id",
    {
        "survey_id": "uuid",
        "occurred_on": "date",
        "period_from": "date",
        "period_to": "date",
        "eligible": "int",
        "asked": "int",
        "answered": "int",
        "scored": "int",
        "points": "int",
        "satisfied": "int",
    },
)
_KEEP_SURVEY = _SURVEY.keep(["answered", "scored", "points", "satisfied"])

_INVITATION = Rows[Invitation](
    "invitation",
    ("survey_id", "invitation_id"),
    {"survey_id": "uuid", "invitation_id": "uuid", "person_id": "uuid", "quarter": "date", "answered": "bool"},
)
_KEEP_INVITATION = _INVITATION.keep(["answered"])

INVITATIONS = f"""
    SELECT {_INVITATION.names_as(person_id="coalesce(m.seeker_id, person_id)")}
    FROM invitation LEFT JOIN merged_person m ON m.merged_id = person_id"""

DECLINED = """
    SELECT person_id
    FROM (SELECT DISTINCT ON (1) coalesce(m.seeker_id, c.person_id) AS person_id, given
          FROM survey_consent c LEFT JOIN merged_person m ON m.merged_id = c.person_id
          ORDER BY 1, occurred_on DESC, recorded_at DESC, given) AS last_said
    WHERE NOT given"""
"""Who agrees to surveys no longer. Where two records tell the opposite at once, the person is left alone."""


def survey_of(row: asyncpg.Record) -> Survey:
    """Read a survey from a row."""
    return Survey(
        SurveyId(row["survey_id"]),
        row["occurred_on"],
        row["period_from"],
        row["period_to"],
        row["eligible"],
        row["asked"],
        row["answered"],
        row["scored"],
        row["points"],
        row["satisfied"],
    )


def invitation_of(row: asyncpg.Record) -> Invitation:
    """Read an invitation from a row."""
    return Invitation(
        SurveyId(row["survey_id"]),
        InvitationId(row["invitation_id"]),
        row["person_id"],
        row["quarter"],
        row["answered"],
    )


async def _lock_draws(conn: Connection) -> None:
    """Let nobody else draw, nor erase or merge who may be drawn, until the transaction ends."""
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('draws', 0))")


class ServedPersonStore(Aggregate[ServedPerson]):
    """Keeps the days on which persons were served, a row a person and day however often they came.

    Only the mark of who was erased is ever loaded. Everyone else has nothing to load, so that the lock of a birth is
    theirs, and nobody is noted while they are erased.
    """

    def key(self, state: ServedPerson) -> UUID:
        return state.person_id

    async def load(self, conn: Connection, keys: Sequence[UUID]) -> Mapping[UUID, ServedPerson]:
        rows = await conn.fetch("SELECT person_id FROM erased_person WHERE person_id = ANY($1)", keys)
        return {row["person_id"]: ServedPerson(row["person_id"], erased=True) for row in rows}

    async def save(self, conn: Connection, states: Sequence[ServedPerson]) -> None:
        days = [(p.person_id, day) for p in states if not p.erased for day in sorted(p.days)]
        await conn.execute(_KEEP_SERVED, *_SERVED.arguments(days))
        if erased := [p.person_id for p in states if p.erased]:
            await conn.execute(
                "INSERT INTO erased_person (person_id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING", erased
            )


class SurveyConsentStore(Aggregate[SurveyConsent]):
    """Keeps what was said last under each record, which is under the lock of the person's mark."""

    def key(self, state: SurveyConsent) -> SeekerId:
        return state.person_id

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, SurveyConsent]:
        rows = await conn.fetch(
            f"SELECT {_CONSENT.names} FROM survey_consent WHERE person_id = ANY($1) ORDER BY person_id FOR UPDATE", keys
        )
        return {row["person_id"]: SurveyConsent(*row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[SurveyConsent]) -> None:
        await conn.execute(_KEEP_CONSENT, *_CONSENT.arguments(states))


class MergedPersonStore(Aggregate[MergedPerson]):
    """Keeps which record stays for each that was given up. One batch of merges comes after the other, and no draw
    meanwhile, which might take a person for two."""

    def key(self, state: MergedPerson) -> SeekerId:
        return state.merged_id

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, MergedPerson]:
        await _lock_draws(conn)
        rows = await conn.fetch(f"SELECT {_MERGED.names} FROM merged_person WHERE merged_id = ANY($1)", keys)
        return {row["merged_id"]: MergedPerson(row["merged_id"], row["seeker_id"]) for row in rows}

    async def save(self, conn: Connection, states: Sequence[MergedPerson]) -> None:
        await conn.execute(_KEEP_MERGED, *_MERGED.arguments(states))
        # Those that led to a record which is now given up lead on with it.
        await conn.executemany(
            """UPDATE merged_person SET seeker_id = (SELECT seeker_id FROM merged_person WHERE merged_id = $1)
               WHERE seeker_id = $1""",
            [(m.merged_id,) for m in states],
        )


class AskedPersonsStore(Look[AskedPersons]):
    """Reads whom each quarter's surveys asked, which the invitations tell, and lets one draw after the other."""

    def key(self, state: AskedPersons) -> str:
        return EVERY_SURVEY

    async def load(self, conn: Connection, keys: Sequence[str]) -> Mapping[str, AskedPersons]:
        await _lock_draws(conn)
        rows = await conn.fetch(
            f"SELECT quarter, array_agg(person_id) AS persons FROM ({INVITATIONS}) AS asked GROUP BY quarter"
        )
        return {EVERY_SURVEY: AskedPersons({row["quarter"]: frozenset(row["persons"]) for row in rows})}


class UrnStore(Look[Urn]):
    """Reads who was served in a period, in the order of a draw, and who has declined. `AskedPersons` is locked before,
    so that nobody is erased meanwhile."""

    async def load(self, conn: Connection, keys: Sequence[UrnKey]) -> Mapping[UrnKey, Urn]:
        rows = await conn.fetch(
            """SELECT survey_id, period_from, period_to, ARRAY(
                   SELECT person_id
                   FROM (SELECT DISTINCT coalesce(m.seeker_id, s.person_id) AS person_id
                         FROM served s LEFT JOIN merged_person m ON m.merged_id = s.person_id
                         WHERE day BETWEEN period_from AND period_to) AS once
                   ORDER BY md5(survey_id::text || person_id::text), person_id) AS persons
               FROM unnest($1::uuid[], $2::date[], $3::date[]) AS given (survey_id, period_from, period_to)""",
            *columns(keys, 3),
        )
        found = [
            (UrnKey(SurveyId(row["survey_id"]), row["period_from"], row["period_to"]), row["persons"]) for row in rows
        ]
        declined = frozenset(row["person_id"] for row in await conn.fetch(DECLINED))
        return {key: Urn(key, tuple(persons), declined) for key, persons in found}


class SurveyStore(Aggregate[Survey]):
    """Keeps surveys."""

    def key(self, state: Survey) -> SurveyId:
        return state.survey_id

    async def load(self, conn: Connection, keys: Sequence[SurveyId]) -> Mapping[SurveyId, Survey]:
        rows = await conn.fetch(
            f"SELECT {_SURVEY.names} FROM survey WHERE survey_id = ANY($1) ORDER BY survey_id FOR UPDATE", keys
        )
        return {row["survey_id"]: survey_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Survey]) -> None:
        await conn.execute(_KEEP_SURVEY, *_SURVEY.arguments(states))


class InvitationStore(Aggregate[Invitation]):
    """Keeps the invitations."""

    def key(self, state: Invitation) -> InvitationKey:
        return InvitationKey(state.survey_id, state.invitation_id)

    async def load(self, conn: Connection, keys: Sequence[InvitationKey]) -> Mapping[InvitationKey, Invitation]:
        rows = await conn.fetch(
            f"""SELECT {_INVITATION.names} FROM invitation
                JOIN unnest($1::uuid[], $2::uuid[]) AS given (survey_id, invitation_id)
                USING (survey_id, invitation_id)
                ORDER BY survey_id, invitation_id FOR UPDATE OF invitation""",
            *columns(keys, 2),
        )
        return {self.key(invitation): invitation for invitation in map(invitation_of, rows)}

    async def save(self, conn: Connection, states: Sequence[Invitation]) -> None:
        await conn.execute(_KEEP_INVITATION, *_INVITATION.arguments(states))


class InvitationsOfStore(Look[InvitationsOf]):
    """Reads which invitations persons have, and locks them. Nobody draws from then on."""

    async def load(self, conn: Connection, keys: Sequence[UUID]) -> Mapping[UUID, InvitationsOf]:
        await _lock_draws(conn)
        rows = await conn.fetch(
            """SELECT person_id, survey_id, invitation_id FROM invitation
               WHERE person_id = ANY($1) ORDER BY survey_id, invitation_id FOR UPDATE""",
            keys,
        )
        found: dict[UUID, set[InvitationKey]] = {}
        for row in rows:
            key = InvitationKey(row["survey_id"], row["invitation_id"])
            found.setdefault(row["person_id"], set()).add(key)
        return {person_id: InvitationsOf(person_id, frozenset(of_one)) for person_id, of_one in found.items()}


class DeleteTraces(Doer[ForgottenTraces]):
    """Deletes all that is kept of persons but their marks."""

    async def do(self, conn: Connection, effects: Sequence[ForgottenTraces]) -> None:
        persons = [of.person_id for of in effects]
        for table in ("served", "survey_consent", "invitation"):
            await conn.execute(f"DELETE FROM {table} WHERE person_id = ANY($1)", persons)
        await conn.execute("DELETE FROM merged_person WHERE merged_id = ANY($1) OR seeker_id = ANY($1)", persons)
