"""All SQL of SOS-Care."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg
import orjson

from chassis.aggregates import NothingToFind
from chassis.db import Connection, columns
from contracts.ids import SeekerId
from services.intake.seekers.model import InSosCare, SosCareEnding
from services.intake.sos_care.model import Finding, Grant, Triage


def triage_of(row: asyncpg.Record) -> Triage:
    """Read a triage from a row."""
    return Triage(
        row["triage_id"],
        SeekerId(row["seeker_id"]),
        row["occurred_on"],
        row["granted"],
        row["policy_from"],
        tuple(Finding(**finding) for finding in row["findings"]),
        row["ended_on"],
        row["ended_as"],
        row["decided_at"],
    )


class TriageStore(NothingToFind):
    """Keeps triages. They are only ever added, so there is nothing to load; the seeker's row locks them."""

    def key(self, state: Triage) -> UUID:
        return state.triage_id

    async def load(self, conn: Connection, keys: Sequence[UUID]) -> Mapping[UUID, Triage]:
        return {}

    async def save(self, conn: Connection, states: Sequence[Triage]) -> None:
        await conn.execute(
            """INSERT INTO sos_care_triage (triage_id, seeker_id, occurred_on, granted, policy_from, findings,
                                            decided_at)
               SELECT i, s, o, g, p, f::jsonb, d
               FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::bool[], $5::date[], $6::text[], $7::timestamptz[])
                    AS given (i, s, o, g, p, f, d)""",
            *columns(
                [
                    (
                        t.triage_id,
                        t.seeker_id,
                        t.occurred_on,
                        t.granted,
                        t.policy_from,
                        orjson.dumps([finding._asdict() for finding in t.findings]).decode(),
                        t.decided_at,
                    )
                    for t in states
                ],
                7,
            ),
        )


class GrantStore:
    """Reads since when seekers are in SOS-Care, under the lock of their row. What granted it, the triage, keeps it."""

    def key(self, state: Grant) -> SeekerId:
        return state.seeker_id

    async def find(self, conn: Connection, finds: Sequence[InSosCare]) -> Mapping[InSosCare, SeekerId]:
        return {InSosCare(seeker_id): seeker_id for seeker_id in await self.load(conn, [f.seeker_id for f in finds])}

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, Grant]:
        rows = await conn.fetch(
            """SELECT seeker_id, occurred_on, decided_at FROM sos_care_triage
               WHERE seeker_id = ANY($1) AND granted AND ended_on IS NULL""",
            keys,
        )
        return {row["seeker_id"]: Grant(*row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Grant]) -> None:
        """Nothing is left to keep."""


class SosCareEndingStore(NothingToFind):
    """Keeps the end of SOS-Care with the triage that granted it."""

    def key(self, state: SosCareEnding) -> SeekerId:
        return state.seeker_id

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, SosCareEnding]:
        return {}

    async def save(self, conn: Connection, states: Sequence[SosCareEnding]) -> None:
        await conn.execute(
            """UPDATE sos_care_triage t SET ended_on = e.ended_on, ended_as = e.ended_as
               FROM unnest($1::uuid[], $2::date[], $3::text[]) AS e (seeker_id, ended_on, ended_as)
               WHERE t.seeker_id = e.seeker_id AND t.granted AND t.ended_on IS NULL""",
            *columns([(s.seeker_id, s.ended_on, s.reason) for s in states], 3),
        )
