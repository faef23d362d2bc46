"""One real stack for the session: Kafka, PostgreSQL and the four services, each its own processes."""

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from jobplus.stack.local import Stack
from tests.kit.client import StackClient
from tests.stacks import a_stack

settings.register_profile("untimed", parent=settings(), deadline=None)
settings.load_profile("untimed")


def pytest_configure() -> None:
    """Have SIGTERM end the tests as an interrupt does: what they started is taken down."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with a_stack(tmp_path_factory, "stack") as running:
        yield running


@pytest.fixture(scope="session")
def calling(stack: Stack) -> StackClient:
    return StackClient(stack)
