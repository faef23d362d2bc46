"""What is summed behind the facts answers as the facts do, at every moment: however far it is behind, however events
arrive, whatever was merged, corrected or erased, and after a rebuild."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
import uuid_utils.compat as uuids

from chassis.database import db
from services.reporting.figures import summed
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.figures.parts import Part, parts
from services.reporting.figures.period import Period
from services.reporting.figures.persons import MERGED, person_events
from services.reporting.figures.rows import MEASURES
from services.reporting.figures.sources import UNKNOWN, are_counted_apart, counted_as, counted_since, persons_of_period
from services.reporting.figures.summed import AGAIN, SPLITS
from services.reporting.rebuild import rebuild
from services.reporting.summing import due, rules
from services.reporting.summing.commands import SumUp
from tests.kit.client import LOCKED_OUT
from tests.kit.events import registered
from tests.kit.waiting import until_async
from tests.reporting.histories import shuffled
from tests.reporting.ledgers import Ledger, Sums
from tests.reporting.test_facts import everything
from tests.reporting.test_unplaced_by_day import drawn

PERIODS = [
    Period(date.max),
    Period(date(2009, 11, 20)),
    Period(date(2010, 12, 31), date(2010, 1, 1)),
    Period(date(2009, 12, 31), date(2009, 5, 20)),
    Period(date(2010, 6, 1), date(2009, 3, 3)),
    Period(date(2010, 6, 1), date(2009, 3, 3), date(2010, 1, 15)),
    Period(date(2010, 6, 1), None, datetime(2009, 11, 3, 3, 20, tzinfo=UTC)),
]


async def counted(
    conn: db.Connection, measure: Measure, by: Sequence[Dimension], period: Period, *, monthly: bool
) -> Counter[Part]:
    """Count the parts of a measure by its facts alone, or by all that is known of everyone: what sums replace."""
    facts = f"""SELECT occurred_on, dimensions, amount FROM fact
                WHERE measure = $1 AND occurred_on <= $2 AND ($3::date IS NULL OR {counted_since(measure)} >= $3)
                  AND ($4::timestamptz IS NULL OR recorded_at <= $4)"""
    source = persons_of_period(measure) if are_counted_apart(measure, period) else facts
    told = "".join(f", coalesce(dimensions ->> '{name}', '{UNKNOWN}')" for name in by)
    rows = await conn.fetch(
        f"""SELECT CASE WHEN $5 THEN date_trunc('month', occurred_on)::date END, ARRAY[NULL{told}]::text[],
                   sum(amount)::bigint
            FROM ({source}) AS counted GROUP BY 1, 2 HAVING sum(amount) <> 0""",
        counted_as(measure, period),
        period.as_of,
        period.first,
        period.known_until,
        monthly,
    )
    return Counter({(month, tuple(values[1:])): amount for month, values, amount in rows})


async def agree(ledger: Ledger, asked: Sequence[tuple[Measure, tuple[Dimension, ...]]]) -> None:
    """See that both ways tell the same of measures and what they are split by, over all periods."""
    async with db.reading(ledger.pool) as conn:
        for measure, by in asked:
            for period in PERIODS:
                monthly = period.first is None
                found = await parts(conn, measure, by, period, monthly=monthly)
                assert found == await counted(conn, measure, by, period, monthly=monthly), (measure, by, period)


def splits(rnd: random.Random) -> list[tuple[Measure, tuple[Dimension, ...]]]:
    """Draw some splits."""
    return [(measure, (by,)) for measure, by in rnd.sample(SPLITS, 40) if measure not in AGAIN]


def some(rnd: random.Random) -> list[tuple[Measure, tuple[Dimension, ...]]]:
    """Draw what is asked for: some splits, and all that counts persons, by nothing, one thing or two."""
    of_persons: list[tuple[Measure, tuple[Dimension, ...]]] = []
    for measure in ("registered", "retention_reached", *AGAIN):
        one, other = rnd.sample(MEASURES[measure].by, 2)
        of_persons += [(measure, ()), (measure, (one,)), (measure, (one, other))]
    return [*of_persons, *splits(rnd)]


async def rows(ledger: Ledger) -> list[Counter[Any]]:
    return [
        Counter(await ledger.query(each))
        for each in (
            "SELECT * FROM split_daily WHERE amount <> 0",
            "SELECT history, person_id, occurred_on, previous_on, dimensions::text FROM person_again",
        )
    ]


@pytest.fixture
def sums(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Sums:
    monkeypatch.setattr(rules, "MOST", 137)
    return Sums(ledger.pool)


@pytest.mark.parametrize("seed", range(4))
async def test_sums_answer_as_facts_do_however_far_they_are_behind(ledger: Ledger, sums: Sums, seed: int) -> None:
    """In every second history topics are mixed against each other. While a correction is there that is told of a record
    whose merge isn't, a count of everyone takes it in already, and facts don't: of persons these are compared at the
    end."""
    rnd, is_mixed = random.Random(seed), seed % 2
    events = sorted([*drawn(rnd, 50), *everything(rnd)], key=lambda event: event.recorded_at)
    records, draw = ledger.sources.records(events), splits if is_mixed else some
    if is_mixed:
        records = shuffled(records, rnd)
    for _ in range(4):
        coming, records = records[: len(records) // 3], records[len(records) // 3 :]
        await ledger.receive(coming, rnd)
        await agree(ledger, draw(rnd))
        for _ in range(rnd.randrange(2, 8)):
            await sums.portion()
        await agree(ledger, draw(rnd))
    await ledger.receive(records, rnd)
    await sums.all()
    await agree(ledger, [*some(rnd), *((measure, (by,)) for measure, by in SPLITS)])

    live = await rows(ledger)
    assert all(live)
    await rebuild(ledger.pool)
    assert await ledger.query("SELECT through, complete FROM summed") == [(0, 0)] * 2
    await agree(ledger, some(rnd))
    await sums.all()
    assert await rows(ledger) == live


def test_all_events_are_heeded_that_tell_when_a_person_counts_again() -> None:
    rnd = random.Random(1)
    changing = {
        type(event)
        for event in [*drawn(rnd, 50), *everything(rnd)]
        if any(told.history in (*AGAIN, MERGED) for told in person_events(event))
    }
    assert changing == {*summed.TELL_OF_THEM}


async def test_without_sums_near_enough_everyone_is_counted(
    ledger: Ledger, sums: Sums, monkeypatch: pytest.MonkeyPatch
) -> None:
    rnd = random.Random(3)
    await ledger.receive(ledger.sources.records(drawn(rnd, 20)), rnd)
    monkeypatch.setattr(summed, "MOST_BEHIND", 10)
    async with ledger.pool.acquire() as conn:
        assert await summed.changed_since(conn) is None
        await agree(ledger, some(rnd))
        await sums.all()
        assert await summed.changed_since(conn) == []


async def test_sums_that_another_version_made_are_not_gone_by_and_made_anew(ledger: Ledger, sums: Sums) -> None:
    rnd = random.Random(4)
    await ledger.receive(ledger.sources.records(drawn(rnd, 20)), rnd)
    await sums.all()
    made = await rows(ledger)
    await ledger.pool.execute("UPDATE summed SET made_of = 'others'")
    await ledger.pool.execute("UPDATE split_daily SET amount = amount + 1")
    await ledger.pool.execute("DELETE FROM person_again")
    await agree(ledger, some(rnd))
    await sums.all()
    assert await rows(ledger) == made


async def test_what_is_still_being_entered_is_waited_for_before_sums_go_past_it(ledger: Ledger, sums: Sums) -> None:
    """Facts have lower numbers than those of a transaction that is through before theirs."""
    day = date(2009, 3, 2)
    await ledger.publish(registered(uuids.uuid7(), day))
    await sums.all()
    async with ledger.pool.acquire() as slow:
        entering = slow.transaction()
        await entering.start()
        await slow.execute(
            """INSERT INTO ledger (event_id, source, topic, key, sequence, type, partition, "offset", occurred_on,
                   recorded_at, imported, actor_role, actor_id, correlation_id, causation_id, data)
               SELECT gen_random_uuid(), '/slow', topic, key, 1, type, partition, 0, occurred_on, recorded_at, imported,
                   actor_role, actor_id, correlation_id, causation_id, data FROM ledger"""
        )
        await slow.execute(
            """INSERT INTO fact (position, measure, occurred_on, recorded_at, dimensions, amount)
               SELECT position, measure, occurred_on, recorded_at, dimensions, amount FROM fact"""
        )
        await ledger.publish(registered(uuids.uuid7(), day))
        summing = asyncio.create_task(sums.portion())
        await until_async(lambda: ledger.query(LOCKED_OUT), "who sums up waits for what is being entered")
        await entering.commit()
    await summing
    await sums.all()
    await agree(ledger, [("registered", ("gender",))])
    assert await ledger.query(
        "SELECT sum(amount)::int FROM split_daily WHERE measure = 'registered' AND dimension = 'gender'"
    ) == [(3,)]


async def test_sums_are_due_when_much_is_missing_or_when_nothing_comes_in(
    ledger: Ledger, sums: Sums, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = date(2011, 1, 27)

    async def behind() -> list[SumUp]:
        async with ledger.pool.acquire() as conn:
            return await due.behind(conn, day, 1)

    both = [SumUp("persons"), SumUp("splits")]
    await sums.portion()
    assert await behind() == []
    await ledger.publish(*(registered(uuids.uuid7(), day) for _ in range(3)))
    assert await behind() == []
    monkeypatch.setattr(due, "LEAST", 5)
    assert await behind() == both[1:]
    monkeypatch.setattr(due, "LEAST", 3)
    assert await behind() == both
    monkeypatch.setattr(due, "LEAST", 1000)
    monkeypatch.setattr(due, "IDLE_SECONDS", 0.0)
    assert await behind() == both
    await sums.all()
    assert await behind() == []
