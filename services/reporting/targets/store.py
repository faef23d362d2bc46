"""All SQL that keeps targets."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chassis.batch.aggregates import Aggregate
from chassis.database.db import Connection, columns
from services.reporting.targets.model import Target, TargetKey, TargetValue

_KEY = "year, measure, programme, person_group"


def targets_of(rows: Iterable[Any]) -> dict[TargetKey, Target]:
    """Read targets from the rows of their values, the oldest of each first."""
    values: dict[TargetKey, list[TargetValue]] = {}
    for row in rows:
        key = TargetKey(row["year"], row["measure"], row["programme"], row["person_group"])
        value = TargetValue(float(row["value"]), row["occurred_on"], row["recorded_at"], row["set_by"])
        values.setdefault(key, []).append(value)
    return {key: Target(key, tuple(each)) for key, each in values.items()}


class TargetStore(Aggregate[Target]):
    """Keeps targets. The row of `target` is the lock, its values are only ever added to."""

    def key(self, state: Target) -> TargetKey:
        return state.key

    async def load(self, conn: Connection, keys: Sequence[TargetKey]) -> Mapping[TargetKey, Target]:
        given = columns(keys, 4)
        asked = f"unnest($1::int[], $2::text[], $3::text[], $4::text[]) AS given ({_KEY})"
        await conn.fetch(f"SELECT FROM target JOIN {asked} USING ({_KEY}) ORDER BY {_KEY} FOR UPDATE OF target", *given)
        # A statement of its own: under the locks it sees what whoever held them before has kept.
        return targets_of(
            await conn.fetch(f"SELECT * FROM target_value JOIN {asked} USING ({_KEY}) ORDER BY {_KEY}, version", *given)
        )

    async def save(self, conn: Connection, states: Sequence[Target]) -> None:
        await conn.execute(
            f"""INSERT INTO target ({_KEY})
                SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::text[]) ON CONFLICT DO NOTHING""",
            *columns([state.key for state in states], 4),
        )
        await conn.execute(
            f"""INSERT INTO target_value ({_KEY}, version, value, occurred_on, recorded_at, set_by)
                SELECT y, m, p, g, n, v::numeric, o, r, s
                FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::int[], $6::float8[], $7::date[],
                            $8::timestamptz[], $9::text[]) AS given (y, m, p, g, n, v, o, r, s)
                ON CONFLICT DO NOTHING""",
            *columns(
                [(*state.key, version, *value) for state in states for version, value in enumerate(state.values, 1)], 9
            ),
        )
