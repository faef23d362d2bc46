"""A real Kafka, PostgreSQL, intake and matching for the tests of this folder."""

from collections.abc import AsyncIterator, Iterator

import pytest

from jobplus.stack.local import Stack
from jobplus.stack.ports import free_base_port
from tests.matching.service_calls import Caller


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("matching") / "home", free_base_port(), environment="test")
    try:
        running.up(only=["intake", "matching"])
        yield running
    finally:
        running.down(wipe=True)


@pytest.fixture(scope="session")
async def caller(stack: Stack) -> AsyncIterator[Caller]:
    made = Caller(stack)
    yield made
    await made.close()
