"""All SQL of the placements."""

from collections.abc import Mapping, Sequence

from chassis.aggregates import NothingToFind
from chassis.db import Connection, columns
from contracts.ids import PlacementId
from services.matching.placements.model import Placement


class PlacementStore(NothingToFind):
    """Keeps placements. They are only ever added, so there is nothing to load."""

    def key(self, state: Placement) -> PlacementId:
        return state.placement_id

    async def load(self, conn: Connection, keys: Sequence[PlacementId]) -> Mapping[PlacementId, Placement]:
        return {}

    async def save(self, conn: Connection, states: Sequence[Placement]) -> None:
        await conn.execute(
            """INSERT INTO placement (placement_id, source, referral_id, seeker_id, vacancy_id, occurred_on, wage)
               SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::date[],
                                    $7::int[])""",
            *columns(
                [
                    (p.placement_id, p.source, p.referral_id, p.seeker_id, p.vacancy_id, p.occurred_on, p.wage)
                    for p in states
                ],
                7,
            ),
        )
