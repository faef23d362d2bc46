"""A real Kafka, PostgreSQL, intake and matching for the tests of this folder."""

from collections.abc import AsyncIterator, Iterator

import pytest

from jobplus.stack.local import Stack
from tests.matching.service_calls import Caller
from tests.stacks import a_stack


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with a_stack(tmp_path_factory, "matching", ["intake", "matching"]) as running:
        yield running


@pytest.fixture(scope="package")
async def caller(stack: Stack) -> AsyncIterator[Caller]:
    made = Caller(stack)
    yield made
    await made.close()
