"""A real Kafka, PostgreSQL and followup for the tests of this folder."""

from collections.abc import Iterator
from datetime import date

import pytest

from jobplus.stack.local import Stack
from jobplus.stack.ports import free_base_port
from tests.followup.care import Care


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("followup") / "home", free_base_port(), environment="test")
    try:
        running.up(only=["followup"])
        yield running
    finally:
        running.down(wipe=True)


@pytest.fixture(scope="session")
def care(stack: Stack) -> Care:
    made = Care(stack)
    made.move_to(date(2009, 1, 28))
    return made
