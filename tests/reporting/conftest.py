"""A real Kafka, PostgreSQL and reporting for the tests of this folder, and databases of their own beside it."""

import itertools
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from chassis import db
from jobplus.stack.local import Stack
from tests.calling import Calling
from tests.reporting.ledgers import Ledger, make_tables, settings_with
from tests.stacks import a_stack

_numbers = itertools.count(1)


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with a_stack(tmp_path_factory, "reporting", ["reporting"]) as running:
        yield running


@pytest.fixture(scope="package")
def calling(stack: Stack) -> Calling:
    return Calling(stack)


@pytest.fixture
async def pool(stack: Stack) -> AsyncIterator[db.Pool]:
    """Of a reporting whose database is its own, empty, and read by no worker."""
    name = f"reporting_{next(_numbers)}"
    admin = await asyncpg.connect(stack.database_url())
    await admin.execute(f"CREATE DATABASE {name} OWNER reporting")
    async with db.pool(settings_with(stack, name), "test") as made:
        await make_tables(made)
        yield made
    await admin.execute(f"DROP DATABASE {name}")
    await admin.close()


@pytest.fixture
def ledger(pool: db.Pool) -> Ledger:
    return Ledger(pool)
