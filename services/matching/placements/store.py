"""All SQL of the placements."""

from collections.abc import Mapping, Sequence

import asyncpg

from chassis.aggregates import NothingToFind
from chassis.db import Connection, columns
from contracts.ids import PlacementId
from services.matching.placements.model import Placement

_COLUMNS = (
    "placement_id, source, referral_id, seeker_id, vacancy_id, occurred_on, wage, convertible_id, corrected_on, "
    "correction, in_pool_since"
)


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


class PlacementStore(NothingToFind):
    """Keeps placements. A command that touches a placement which is there touches its seeker, whose row is locked
    before, so a placement needs no lock of its own."""

    def key(self, state: Placement) -> PlacementId:
        return state.placement_id

    async def load(self, conn: Connection, keys: Sequence[PlacementId]) -> Mapping[PlacementId, Placement]:
        rows = await conn.fetch(
            f"SELECT {_COLUMNS} FROM placement WHERE placement_id = ANY($1) ORDER BY placement_id", keys
        )
        return {row["placement_id"]: placement_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Placement]) -> None:
        await conn.execute(
            f"""INSERT INTO placement ({_COLUMNS})
                SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::date[], $7::int[],
                                     $8::uuid[], $9::date[], $10::text[], $11::date[])
                ON CONFLICT (placement_id) DO UPDATE SET
                    corrected_on = excluded.corrected_on, correction = excluded.correction""",
            *columns(
                [
                    (
                        p.placement_id, p.source, p.referral_id, p.seeker_id, p.vacancy_id, p.occurred_on, p.wage,
                        p.convertible_id, p.corrected_on, p.correction, p.in_pool_since,
                    )
                    for p in states
                ],
                11,
            ),
        )  # fmt: skip
