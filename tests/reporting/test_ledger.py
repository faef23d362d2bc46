"""The ledger holds every event once, can't be changed, and notices what is missing or comes from the past."""

from datetime import date

import asyncpg
import pytest
import uuid_utils.compat as uuids

from chassis.stream.history import HistoryLost
from services.reporting.ledger import queries
from services.reporting.ledger.store import GAPS
from tests.kit.events import employer_joined, registered, session
from tests.reporting.ledgers import Ledger

DAY = date(2009, 3, 2)


async def test_an_event_stands_in_the_ledger_as_it_was_sent(ledger: Ledger) -> None:
    event = session(uuids.uuid7(), DAY)
    event_id = uuids.uuid7()
    await ledger.receive([ledger.sources.record(event, event_id=event_id)])
    async with ledger.pool.acquire() as conn:
        found = await queries.entry(conn, 1)
    assert found
    assert found.pop("received_at")
    assert found.pop("data") == event.model_dump(mode="json", exclude_none=True)
    assert found == {
        "position": 1, "event_id": event_id, "source": "/jobplus/intake", "topic": "jobplus.counselling",
        "key": event.key, "sequence": 1, "type": "jobplus.SessionHeld", "partition": found["partition"], "offset": 0,
        "occurred_on": DAY, "recorded_at": event.recorded_at, "imported": False, "actor_role": "counsellor",
        "actor_id": "c-1", "correlation_id": "why", "causation_id": "because",
        "dataschema": "urn:jobplus:schema:SessionHeld:1", "centre": "main",
    }  # fmt: skip


async def test_an_event_that_comes_again_at_another_offset_is_dropped(ledger: Ledger) -> None:
    records = ledger.sources.records([registered(uuids.uuid7(), DAY), employer_joined(DAY)])
    await ledger.receive([*records, records[0]])
    await ledger.receive(records)
    assert await ledger.query("SELECT count(*) FROM ledger") == [(2,)]
    figures = await ledger.figures()
    assert (figures["registered"], figures["employers"]) == (1, 1)


@pytest.mark.parametrize("statement", ["UPDATE ledger SET key = 'x'", "DELETE FROM ledger", "TRUNCATE ledger"])
async def test_the_ledger_refuses_to_be_changed(ledger: Ledger, statement: str) -> None:
    await ledger.publish(employer_joined(DAY))
    with pytest.raises(asyncpg.RaiseError, match="ledger is append-only"):
        await ledger.pool.execute(statement)


@pytest.mark.parametrize("statement", ["UPDATE fact SET amount = 2", "DELETE FROM fact"])
async def test_a_fact_is_never_rewritten(ledger: Ledger, statement: str) -> None:
    await ledger.publish(employer_joined(DAY))
    with pytest.raises(asyncpg.RaiseError, match="fact is append-only"):
        await ledger.pool.execute(statement)


async def gaps(ledger: Ledger) -> list[tuple[int, int]]:
    async with ledger.pool.acquire() as conn:
        return [(gap["first"], gap["last"]) for gap in await queries.gaps(conn, 10)]


def gaps_metric() -> float:
    (metric,) = GAPS.collect()
    return metric.samples[0].value


async def test_missing_numbers_raise_an_alarm_until_they_have_come(ledger: Ledger) -> None:
    client = uuids.uuid7()
    first, second, third, fourth, fifth = ledger.sources.records([session(client, DAY) for _ in range(5)])
    await ledger.receive([first, fifth])
    assert await gaps(ledger) == [(2, 4)]
    assert gaps_metric() == 1
    await ledger.receive([third])
    assert sorted(await gaps(ledger)) == [(2, 2), (4, 4)]
    await ledger.receive([second])
    assert await gaps(ledger) == [(4, 4)]
    await ledger.receive([fourth])
    assert await gaps(ledger) == []
    assert gaps_metric() == 0
    assert (await ledger.figures())["sessions"]["total"] == 5


async def test_numbers_that_come_in_one_batch_in_any_order_are_no_gap(ledger: Ledger) -> None:
    records = ledger.sources.records([session(uuids.uuid7(), DAY), *[session(uuids.uuid7(), DAY)] * 3])
    await ledger.receive(records[::-1])
    assert await gaps(ledger) == []


async def test_a_first_event_that_is_missing_is_a_gap(ledger: Ledger) -> None:
    await ledger.receive([ledger.sources.record(session(uuids.uuid7(), DAY), sequence=2)])
    assert await gaps(ledger) == [(1, 1)]


async def test_a_number_that_comes_again_under_another_id_stops_and_keeps_nothing(ledger: Ledger) -> None:
    client = uuids.uuid7()
    await ledger.publish(session(client, DAY), session(client, DAY))
    restored = ledger.sources.record(session(client, DAY), sequence=2)
    with pytest.raises(HistoryLost, match=rf"restored from the past.*{client}.*/jobplus/intake, 2\)"):
        await ledger.receive([ledger.sources.record(employer_joined(DAY)), restored])
    assert await ledger.query("SELECT count(*) FROM ledger") == [(2,)]
    assert await ledger.query("SELECT count(*) FROM dead_letter") == [(0,)]
    assert (await ledger.figures())["employers"] == 0


async def test_the_same_number_twice_in_one_batch_stops_too(ledger: Ledger) -> None:
    client = uuids.uuid7()
    twice = [ledger.sources.record(session(client, DAY), sequence=1) for _ in range(2)]
    with pytest.raises(HistoryLost):
        await ledger.receive(twice)


async def test_an_event_that_cannot_be_read_is_set_aside_and_all_else_goes_on(ledger: Ledger) -> None:
    client, other = uuids.uuid7(), uuids.uuid7()
    broken, behind, good = ledger.sources.records([session(client, DAY), session(client, DAY), session(other, DAY)])
    await ledger.receive([broken._replace(value=b"{}"), behind, good])
    assert await ledger.query("SELECT count(*) FROM ledger") == [(1,)]
    assert await ledger.query("SELECT state FROM dead_letter ORDER BY id") == [("dead",), ("parked",)]
