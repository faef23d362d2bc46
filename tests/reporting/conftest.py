"""A real Kafka, PostgreSQL and reporting for the tests of this folder, and a database of its own for each test."""

from collections.abc import AsyncIterator, Iterator

import pytest

from chassis import db
from jobplus.stack.local import Stack
from tests.kit.client import StackClient
from tests.kit.topics import Topics
from tests.reporting.ledgers import Ledger, a_database
from tests.stacks import a_stack


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with a_stack(tmp_path_factory, "reporting", ["reporting"]) as running:
        yield running


@pytest.fixture(scope="package")
def calling(stack: Stack) -> StackClient:
    return StackClient(stack)


@pytest.fixture(scope="package")
def topics(stack: Stack) -> Iterator[Topics]:
    with Topics(stack) as made:
        yield made


@pytest.fixture
async def pool(stack: Stack) -> AsyncIterator[db.Pool]:
    async with a_database(stack) as made:
        yield made


@pytest.fixture
def ledger(pool: db.Pool) -> Ledger:
    return Ledger(pool)
