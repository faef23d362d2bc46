"""All SQL that makes sums behind what was counted. It is done under the lock of how far they go, which is taken before
any of their rows."""

from collections.abc import Mapping, Sequence

from chassis.batch.aggregates import Aggregate
from chassis.batch.effects import Doer
from chassis.database.db import Connection, columns
from services.reporting.figures.again import TIMES_AGAIN
from services.reporting.figures.sources import SINCE, UNKNOWN
from services.reporting.figures.summed import AGAIN, SPLITS, What, changed, last
from services.reporting.ledger.store import stand_still
from services.reporting.summing.model import EmptySums, SeeWhatIsComplete, Summed, SumUpNext

_TABLES: Mapping[What, str] = {"splits": "split_daily", "persons": "person_again"}


class SummedStore(Aggregate[Summed]):
    def key(self, state: Summed) -> What:
        return state.what

    async def load(self, conn: Connection, keys: Sequence[What]) -> Mapping[What, Summed]:
        rows = await conn.fetch(
            """SELECT what, made_of, through, complete FROM summed WHERE what = ANY($1)
               ORDER BY what FOR NO KEY UPDATE""",
            keys,
        )
        return {row["what"]: Summed(**row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Summed]) -> None:
        await conn.execute(
            """UPDATE summed s SET made_of = m, through = t, complete = c
               FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) AS given (w, m, t, c)
               WHERE s.what = w""",
            *columns([(one.what, one.made_of, one.through, one.complete) for one in states], 4),
        )


class Summing(Doer[SumUpNext]):
    async def do(self, conn: Connection, effects: Sequence[SumUpNext]) -> None:
        for one in effects:
            await (_sum_splits if one.what == "splits" else _sum_persons)(conn, one.after, one.through)


async def _sum_splits(conn: Connection, after: int, through: int) -> None:
    """Sum facts up: each is read once, and told apart by all that its measure is split by."""
    await conn.execute(
        f"""WITH splits AS MATERIALIZED (
             SELECT measure, array_agg(dimension) AS names
             FROM unnest($1::text[], $2::text[]) AS given (measure, dimension) GROUP BY measure
           ), told AS MATERIALIZED (
             SELECT measure, occurred_on, {SINCE} AS since_on,
                    (recorded_at AT TIME ZONE 'Asia/Seoul')::date AS recorded_on, dimensions, names, amount
             FROM fact JOIN splits USING (measure) WHERE fact_id > $3 AND fact_id <= $4
           )
           INSERT INTO split_daily AS s (measure, dimension, occurred_on, since_on, recorded_on, code, amount)
           SELECT measure, dimension, occurred_on, since_on, recorded_on,
                  coalesce(dimensions ->> dimension, $5) AS code, sum(amount)
           FROM told, unnest(names) AS dimension
           GROUP BY measure, dimension, occurred_on, since_on, recorded_on, code HAVING sum(amount) <> 0
           ORDER BY measure, dimension, occurred_on, since_on, recorded_on, code
           ON CONFLICT (measure, dimension, occurred_on, since_on, recorded_on, code)
           DO UPDATE SET amount = s.amount + excluded.amount""",
        *columns(SPLITS, 2),
        after,
        through,
        UNKNOWN,
    )


async def _sum_persons(conn: Connection, after: int, through: int) -> None:
    """Write anew the times again of the persons of whom the ledger tells there."""
    persons = await changed(conn, after, through)
    await conn.execute("DELETE FROM person_again WHERE person_id = ANY($1)", persons)
    await conn.execute(
        f"""INSERT INTO person_again (history, person_id, occurred_on, previous_on, dimensions)
            {TIMES_AGAIN.format(persons="$1", histories="$2::text[]")}""",
        persons,
        AGAIN,
    )


class Seeing(Doer[SeeWhatIsComplete]):
    async def do(self, conn: Connection, effects: Sequence[SeeWhatIsComplete]) -> None:
        """Look while nothing is being entered. It is the last that a batch does, so that whoever enters waits for
        little more than who does already."""
        await stand_still(conn)
        for one in effects:
            await conn.execute("UPDATE summed SET complete = $2 WHERE what = $1", one.what, await last(conn, one.what))


class Emptying(Doer[EmptySums]):
    async def do(self, conn: Connection, effects: Sequence[EmptySums]) -> None:
        """Take rows away that others may be reading."""
        for one in effects:
            await conn.execute(f"DELETE FROM {_TABLES[one.what]}")
