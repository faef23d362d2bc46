"""All SQL that keeps tables."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.batch.aggregates import Aggregate
from chassis.database.db import Connection
from services.reporting.tables.model import KeptTable, Place, Question


def table_of(row: Any) -> KeptTable:
    """Read a table from its row."""
    return KeptTable(
        id=row["table_id"],
        kept_at=row["kept_at"],
        kept_role=row["kept_role"],
        kept_by=row["kept_by"],
        position=row["position"],
        question=Question.from_parameters(row["question"]),
        counts={Place(*place): count for *place, count in row["counts"]},
    )


class KeptTableStore(Aggregate[KeptTable]):
    """Keeps tables, which nothing changes any more."""

    def key(self, state: KeptTable) -> UUID:
        return state.id

    async def load(self, conn: Connection, keys: Sequence[UUID]) -> Mapping[UUID, KeptTable]:
        rows = await conn.fetch("SELECT * FROM kept_table WHERE table_id = ANY($1) ORDER BY table_id", keys)
        return {row["table_id"]: table_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[KeptTable]) -> None:
        await conn.executemany(
            """INSERT INTO kept_table (table_id, kept_at, kept_role, kept_by, position, question, counts)
               VALUES ($1, $2, $3, $4, $5, $6, $7)""",
            [
                (
                    one.id,
                    one.kept_at,
                    one.kept_role,
                    one.kept_by,
                    one.position,
                    one.question.parameters(),
                    [[*place, count] for place, count in one.counts.items()],
                )
                for one in states
            ],
        )
