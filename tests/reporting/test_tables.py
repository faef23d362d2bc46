"""Tables counted and kept: each number is what the figures say, and a table stays as it was."""

import asyncio
from datetime import UTC, date, datetime

import asyncpg
import pytest
import uuid_utils.compat as uuids

from chassis.batch.clock import SimulatedClock
from chassis.batch.command_batch import CommandHandler
from chassis.batch.decisions import Accepted, Actor, Asked, IdempotencyKey
from chassis.database import db
from services.reporting.ledger.queries import position_as_read
from services.reporting.tables import queries, rules
from services.reporting.tables.commands import KeepTable
from services.reporting.tables.counting import counted
from services.reporting.tables.model import Counts, KeptTable, Place, Question
from services.reporting.tables.store import KeptTableStore
from tests.kit.events import corrected, placed, somebody
from tests.reporting.ledgers import Ledger, Sums

MAN = {"age_band": "-29", "gender": "male", "district": "11440", "wanted_occupations": ("02",)}
END = date(2010, 12, 31)
ENTER = """INSERT INTO ledger (event_id, source, topic, key, sequence, type, partition, "offset", occurred_on,
                               recorded_at, imported, actor_role, actor_id, correlation_id, causation_id, data)
           SELECT gen_random_uuid(), source, topic, key, sequence + $1, type, partition, "offset", occurred_on,
                  recorded_at, imported, actor_role, actor_id, correlation_id, causation_id, data
           FROM ledger ORDER BY position LIMIT 1 RETURNING position"""


async def count(pool: db.Pool, question: Question) -> Counts:
    async with db.reading(pool) as conn:
        return await counted(conn, question)


async def test_years_of_persons_are_those_of_the_figures_and_other_periods_count_each_once(ledger: Ledger) -> None:
    returning, once = somebody(), somebody()
    await ledger.publish(
        placed(returning, date(2009, 3, 2)),
        placed(returning, date(2010, 2, 1)),
        placed(returning, date(2010, 8, 2)),
        placed(once, date(2010, 3, 1), person=MAN),
    )
    for _ in ("from the facts", "from what is summed up"):
        by_year = await count(ledger.pool, Question("placed", END, columns="gender", each="year"))
        assert by_year == {
            Place("2009", "", "female"): 1,
            Place("2010", "", "female"): 1,
            Place("2010", "", "male"): 1,
            Place("all", "", "female"): 1,
            Place("all", "", "male"): 1,
        }
        for year in (2009, 2010):
            told = await ledger.figures(date(year, 12, 31), date(year, 1, 1))
            assert told["placed"]["total"] == sum(n for place, n in by_year.items() if place.time == str(year))
        part = await count(ledger.pool, Question("placed", END, each="year", first=date(2010, 7, 1)))
        assert part == {Place("2010"): 1, Place("all"): 1}
        by_month = await count(ledger.pool, Question("placed", END, each="month"))
        assert by_month == {Place("2009-03"): 1, Place("2010-03"): 1}
        placements = await count(ledger.pool, Question("placements", END, rows="gender", each="year"))
        assert placements == {
            Place("2009", "female"): 1,
            Place("2010", "female"): 2,
            Place("2010", "male"): 1,
        }
        await Sums(ledger.pool).all()


async def test_a_table_is_as_known_at_the_moment_that_is_asked_for(ledger: Ledger) -> None:
    late = datetime(2011, 1, 5, 3, tzinfo=UTC)
    was, never = placed(somebody(), date(2010, 3, 1), person=MAN), placed(somebody(), date(2010, 3, 1))
    await ledger.publish(was, never, corrected(never, date(2011, 1, 5), late))
    now = Question("placed", END, rows="gender")
    assert await count(ledger.pool, now) == {Place(row="male"): 1}
    for moment in (END, datetime(2011, 1, 5, 2, 59, tzinfo=UTC)):
        before = await count(ledger.pool, now._replace(known_at=moment))
        assert before == {Place(row="male"): 1, Place(row="female"): 1}


async def test_a_kept_table_stays_and_the_same_request_keeps_it_once(ledger: Ledger) -> None:
    handler = CommandHandler({KeptTable: KeptTableStore()}, rules.DECIDERS, SimulatedClock(), ledger.pool)
    question = Question("placed", END, rows="gender", columns="age_band", each="month", known_at=END)
    counts = {Place("2010-03", "female", "30-39"): 2, Place("2010-04", "male", "-29"): 1}
    actor, key = Actor("analyst", "a-1"), IdempotencyKey("analyst/a-1", "table:1", b"question")
    kept: list[str] = []
    for _ in range(2):
        command = KeepTable(uuids.uuid7(), question, counts, 42)
        (outcome,) = await handler.run([Asked(command, actor, "test", "test", key)])
        assert isinstance(outcome, Accepted), outcome
        kept.append(outcome.answer["id"])
    assert kept[0] == kept[1]
    async with db.reading(ledger.pool) as conn:
        (listed,) = await queries.kept_by(conn, "a-1", None, 10)
        assert await queries.kept_by(conn, "a-1", listed.id, 10) == await queries.kept_by(conn, "a-2", None, 10) == []
        table = await queries.kept(conn, listed.id)
        assert await queries.kept(conn, uuids.uuid7()) is None
    assert table is not None
    assert str(table.id) == kept[0]
    assert (table.question, table.counts, table.position, table.kept_role) == (question, counts, 42, "analyst")
    for statement in ("UPDATE kept_table SET position = 1", "DELETE FROM kept_table", "TRUNCATE kept_table"):
        with pytest.raises(asyncpg.PostgresError, match="append-only"):
            await ledger.query(statement)


async def test_the_position_of_a_table_has_all_before_it_counted(ledger: Ledger) -> None:
    """An event that entered earlier may be kept later: its transaction is waited for, and entering goes on at once."""
    await ledger.publish(placed(somebody(), date(2010, 3, 1)))
    async with ledger.pool.acquire() as entering, db.reading(ledger.pool) as conn:
        under_way = entering.transaction()
        await under_way.start()
        position = await entering.fetchval(ENTER, 1)
        asked = asyncio.create_task(position_as_read(conn))
        await asyncio.sleep(0.2)
        assert not asked.done()
        await under_way.commit()
        assert await asked == position
        await asyncio.wait_for(entering.fetchval(ENTER, 2), 2)
        assert await conn.fetchval("SELECT max(position) FROM ledger") == position
