"""A database of its own for each test, with the chassis's tables and the counting service's; and keys for tokens."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from chassis.batch.clock import SystemClock
from chassis.batch.command_batch import CommandHandler
from chassis.database import db
from jobplus.stack.keys import make_keys
from jobplus.stack.local import Stack
from jobplus.stack.postgres import SUPERUSER
from tests.chassis import counting
from tests.kit.databases import Databases
from tests.stacks import Stacks

MIGRATIONS = [file.read_text() for file in sorted(db.CHASSIS_MIGRATIONS.glob("*.sql"))]


@pytest.fixture(scope="package")
def stack(stacks: Stacks) -> Iterator[Stack]:
    """PostgreSQL alone."""
    with stacks.running("chassis", kafka=False, durable=False) as running:
        yield running


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of keys that no other file has."""
    folder = tmp_path_factory.mktemp("keys")
    make_keys(folder)
    return folder


@pytest.fixture(scope="package")
def databases(stack: Stack) -> Databases:
    async def fill(conn: asyncpg.Connection) -> None:
        for sql in (*MIGRATIONS, counting.TABLES):
            await conn.execute(sql)

    return Databases(stack, "chassis", SUPERUSER, fill)


@pytest.fixture
async def pool(databases: Databases) -> AsyncIterator[db.Pool]:
    url = databases.url(await databases.another())
    async with asyncpg.create_pool(url, min_size=1, max_size=8, init=db.prepare_connection) as made:
        yield made


@pytest.fixture
def handler(pool: db.Pool) -> CommandHandler:
    return CommandHandler({counting.Counter: counting.CounterStore()}, counting.DECIDERS, SystemClock(), pool)
