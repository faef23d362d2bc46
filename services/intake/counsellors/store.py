"""All SQL of the counsellors and their absences."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import asyncpg

from chassis.batch.aggregates import Aggregate
from chassis.database.db import Connection
from chassis.database.rows import Rows
from contracts.ids import CounsellorId
from services.intake.counsellors.model import Absence, Absences, Counsellor

_COUNSELLOR = Rows[Counsellor](
    "counsellor",
    "counsellor_id",
    {"counsellor_id": "uuid", "name": "text", "groups": "text[]", "joined_on": "date", "left_on": "date"},
)
_KEEP_COUNSELLOR = _COUNSELLOR.keep(["name", "groups", "left_on"])


def counsellor_of(row: asyncpg.Record) -> Counsellor:
    """Read a counsellor from a row."""
    return Counsellor(
        CounsellorId(row["counsellor_id"]), row["name"], tuple(row["groups"]), row["joined_on"], row["left_on"]
    )


def periods_of(written: Mapping[str, Any] | None) -> tuple[Absence, ...]:
    """Read absences from what a row holds of them; None for whoever has no row."""
    return tuple(
        Absence(date.fromisoformat(one["from"]), date.fromisoformat(one["to"]), one["reason"])
        for one in (written or {"periods": ()})["periods"]
    )


def _written(absences: Absences) -> dict[str, Any]:
    """Write absences as a row holds them: an object, since asyncpg takes a list within a list as one array."""
    return {
        "periods": [
            {"from": period.first.isoformat(), "to": period.last.isoformat(), "reason": period.reason}
            for period in absences.periods
        ]
    }


_ABSENCES = Rows[Absences](
    "counsellor_absences", "counsellor_id", {"counsellor_id": "uuid", "absences": ("jsonb", _written)}
)
_KEEP_ABSENCES = _ABSENCES.keep()


class CounsellorStore(Aggregate[Counsellor]):
    """Keeps counsellors. They are read with a shared lock: every session touches one, and few commands change one."""

    def key(self, state: Counsellor) -> CounsellorId:
        return state.counsellor_id

    async def load(self, conn: Connection, keys: Sequence[CounsellorId]) -> Mapping[CounsellorId, Counsellor]:
        rows = await conn.fetch(
            f"""SELECT {_COUNSELLOR.names} FROM counsellor
                WHERE counsellor_id = ANY($1) ORDER BY counsellor_id FOR SHARE""",
            keys,
        )
        return {CounsellorId(row["counsellor_id"]): counsellor_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Counsellor]) -> None:
        await conn.execute(_KEEP_COUNSELLOR, *_COUNSELLOR.arguments(states))


class AbsencesStore(Aggregate[Absences]):
    """Keeps the absences of each counsellor, in a row of their own: sessions hold the counsellor's."""

    def key(self, state: Absences) -> CounsellorId:
        return state.counsellor_id

    async def load(self, conn: Connection, keys: Sequence[CounsellorId]) -> Mapping[CounsellorId, Absences]:
        rows = await conn.fetch(
            f"""SELECT {_ABSENCES.names} FROM counsellor_absences
                WHERE counsellor_id = ANY($1) ORDER BY counsellor_id FOR UPDATE""",
            keys,
        )
        found = [Absences(CounsellorId(row["counsellor_id"]), periods_of(row["absences"])) for row in rows]
        return {absences.counsellor_id: absences for absences in found}

    async def save(self, conn: Connection, states: Sequence[Absences]) -> None:
        await conn.execute(_KEEP_ABSENCES, *_ABSENCES.arguments(states))
