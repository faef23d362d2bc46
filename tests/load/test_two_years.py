"""The benchmarks' copies of what services wrote are what the services write of such people."""

import hashlib
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import pytest

from contracts import Event
from jobplus.bench import two_years
from tests.reporting.histories import a_history
from tests.reporting.ledgers import Ledger, Sums, a_database, databases
from tests.stacks import Stacks

COPIES = range(1, 30)

WRITTEN = {
    "fact": "measure, occurred_on, recorded_at, dimensions::text, amount",
    "daily": "measure, occurred_on, recorded_on, dimensions::text, amount",
    "person_event": "person_id, history, recorded_at, subject, counts, occurred_on, dimensions, follow_up::text",
    "unplaced_change": "occurred_on, recorded_at, dimensions::text, amount",
    "unplaced_daily": "dimension, occurred_on, recorded_on, code, amount",
    "split_daily": "measure, dimension, occurred_on, since_on, recorded_on, code, amount",
    "person_again": "history, person_id, occurred_on, previous_on, dimensions::text",
}
"""All columns but the position and the id of an event, which another event has."""


@pytest.fixture
async def ledgers(stacks: Stacks) -> AsyncIterator[list[Ledger]]:
    """Two reportings, each with a database of its own."""
    with stacks.running("two-years", ["reporting-api"], kafka=False, durable=False) as stack:
        async with AsyncExitStack() as opened:
            made = databases(stack)
            yield [Ledger(await opened.enter_async_context(a_database(stack, made))) for _ in range(2)]


def copied(told: Any, copy: int, name: str = "") -> Any:
    """Give what an event of a copy tells."""
    if isinstance(told, dict):
        return {key: copied(value, copy, key) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return [copied(one, copy, name.removesuffix("s")) for one in told]
    if isinstance(told, UUID):
        digits = hashlib.md5(f"{told}{copy}".encode(), usedforsecurity=False).hexdigest()
        return UUID(f"{str(told)[:24]}{digits[:12]}")
    return two_years.other(name, told, copy) if name in two_years.OTHERS else told


async def test_copies_are_what_reporting_counts_of_such_people(ledgers: list[Ledger]) -> None:
    events: list[Event] = a_history(random.Random(5), 12)
    counted, multiplied = ledgers
    await multiplied.publish(*events)
    await Sums(multiplied.pool).all()
    async with multiplied.pool.acquire() as conn:
        await two_years.copy(conn, two_years.REPORTING, COPIES)  # pyright: ignore[reportArgumentType]
    await counted.publish(*events)
    for copy in COPIES:
        await counted.publish(*(type(one).model_validate(copied(one.model_dump(), copy)) for one in events))
    for ledger in ledgers:
        await Sums(ledger.pool).all()
    for table, columns in WRITTEN.items():
        where = "" if table.startswith("person_") else " WHERE amount <> 0"
        one, other = [Counter(await ledger.query(f"SELECT {columns} FROM {table}{where}")) for ledger in ledgers]
        assert one == other, table
        assert one.total() > len(COPIES)
