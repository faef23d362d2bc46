"""All SQL of the placements."""

from collections.abc import Mapping, Sequence

import asyncpg

from chassis.batch.aggregates import Aggregate
from chassis.database.db import Connection
from chassis.database.rows import Rows
from contracts.ids import PlacementId
from services.matching.placements.model import Placement

_ROWS = Rows[Placement](
    "placement",
    "placement_id",
    {
        "placement_id": "uuid",
        "source": "text",
        "referral_id": "uuid",
        "seeker_id": "uuid",
        "vacancy_id": "uuid",
        "occurred_on": "date",
        "wage": "int",
        "convertible_id": "uuid",
        "corrected_on": "date",
        "correction": "text",
        "in_pool_since": "date",
    },
)
_KEEP = _ROWS.keep(["corrected_on", "correction"])


def placement_of(row: asyncpg.Record) -> Placement:
    """Read a placement from a row."""
    return Placement(
        row["placement_id"],
        row["source"],
        row["referral_id"],
        row["seeker_id"],
        row["vacancy_id"],
        row["occurred_on"],
        row["wage"],
        row["convertible_id"],
        row["corrected_on"],
        row["correction"],
        row["in_pool_since"],
    )


class PlacementStore(Aggregate[Placement]):
    """Keeps placements. A command that touches a placement which is there touches its seeker, whose row is locked
    before, so a placement needs no lock of its own."""

    def key(self, state: Placement) -> PlacementId:
        return state.placement_id

    async def load(self, conn: Connection, keys: Sequence[PlacementId]) -> Mapping[PlacementId, Placement]:
        rows = await conn.fetch(
            f"SELECT {_ROWS.names} FROM placement WHERE placement_id = ANY($1) ORDER BY placement_id", keys
        )
        return {row["placement_id"]: placement_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Placement]) -> None:
        await conn.execute(_KEEP, *_ROWS.arguments(states))
