"""A real Kafka, PostgreSQL and reporting for the tests of this folder, and a database of its own for each test."""

from collections.abc import AsyncIterator, Iterator

import pytest

from chassis.database import db
from jobplus.stack.local import Stack
from tests.kit.client import StackClient
from tests.kit.databases import Databases
from tests.kit.topics import Topics
from tests.reporting.ledgers import Ledger, a_database, databases
from tests.stacks import Stacks


@pytest.fixture(scope="package")
def stack(stacks: Stacks) -> Iterator[Stack]:
    with stacks.running("reporting", ["reporting"], durable=False) as running:
        yield running


@pytest.fixture(scope="package")
def calling(stack: Stack) -> StackClient:
    return StackClient(stack)


@pytest.fixture(scope="package")
def topics(stack: Stack) -> Iterator[Topics]:
    with Topics(stack) as made:
        yield made


@pytest.fixture(scope="package")
def databases_alone(stack: Stack) -> Databases:
    return databases(stack)


@pytest.fixture
async def pool(stack: Stack, databases_alone: Databases) -> AsyncIterator[db.Pool]:
    async with a_database(stack, databases_alone) as made:
        yield made


@pytest.fixture
def ledger(pool: db.Pool) -> Ledger:
    return Ledger(pool)
