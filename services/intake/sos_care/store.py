"""All SQL of SOS-Care."""

from collections.abc import Mapping, Sequence

import asyncpg

from chassis.batch.aggregates import Look
from chassis.batch.effects import Doer
from chassis.database.db import Connection
from chassis.database.rows import Rows
from contracts.ids import SeekerId
from services.intake.seekers.model import SosCareEnding
from services.intake.sos_care.model import Finding, Grant, Triage

_TRIAGE = Rows[Triage](
    "sos_care_triage",
    "triage_id",
    {
        "triage_id": "uuid",
        "seeker_id": "uuid",
        "occurred_on": "date",
        "granted": "bool",
        "policy_from": "date",
        # a tuple is one value to asyncpg, where it would take a list within a list for an array of arrays
        "findings": ("jsonb", lambda triage: tuple(finding._asdict() for finding in triage.findings)),
        "decided_at": "timestamptz",
    },
)

_ENDING = Rows[SosCareEnding](
    "sos_care_triage",
    "seeker_id",
    {"seeker_id": "uuid", "ended_on": "date", "ended_as": ("text", lambda ending: ending.reason)},
)
_END = f"{_ENDING.update()} AND sos_care_triage.granted AND sos_care_triage.ended_on IS NULL"


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


class GrantStore(Look[Grant]):
    """Reads since when seekers are in SOS-Care, under the lock of their row. What granted it, the triage, keeps it."""

    def key(self, state: Grant) -> SeekerId:
        return state.seeker_id

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, Grant]:
        rows = await conn.fetch(
            """SELECT seeker_id, occurred_on, decided_at FROM sos_care_triage
               WHERE seeker_id = ANY($1) AND granted AND ended_on IS NULL""",
            keys,
        )
        return {row["seeker_id"]: Grant(*row) for row in rows}


class AddTriages(Doer[Triage]):
    """Adds triages, under the locks of their seekers."""

    async def do(self, conn: Connection, effects: Sequence[Triage]) -> None:
        await conn.execute(_TRIAGE.insert, *_TRIAGE.arguments(effects))


class EndGrants(Doer[SosCareEnding]):
    """Keeps the end of SOS-Care with the triage that granted it."""

    async def do(self, conn: Connection, effects: Sequence[SosCareEnding]) -> None:
        last = {ending.seeker_id: ending for ending in effects}
        await conn.execute(_END, *_ENDING.arguments(list(last.values())))
