"""A database of its own for each test, with the chassis's tables and the counting service's."""

import itertools
from collections.abc import AsyncIterator

import asyncpg
import pytest

from chassis import db
from chassis.clock import SystemClock
from chassis.command_batch import CommandHandler
from jobplus.stack.local import Stack
from tests.chassis import counting

_numbers = itertools.count(1)

MIGRATIONS = [file.read_text() for file in sorted(db.CHASSIS_MIGRATIONS.glob("*.sql"))]


@pytest.fixture
async def pool(stack: Stack) -> AsyncIterator[db.Pool]:
    name = f"chassis_{next(_numbers)}"
    admin = await asyncpg.connect(stack.database_url())
    await admin.execute(f"CREATE DATABASE {name}")
    url = stack.database_url().rpartition("/")[0] + f"/{name}"
    async with asyncpg.create_pool(url, min_size=1, max_size=8, init=db.prepare_connection) as made:
        for migration in MIGRATIONS:
            await made.execute(migration)
        await made.execute(counting.TABLES)
        yield made
    await admin.execute(f"DROP DATABASE {name}")
    await admin.close()


@pytest.fixture
def handler(pool: db.Pool) -> CommandHandler:
    return CommandHandler({counting.Counter: counting.CounterStore()}, counting.DECIDERS, SystemClock(), pool)
