"""A real stack of its own: a centre moves into an empty one."""

from collections.abc import Iterator

import pytest

from jobplus.stack.local import Stack
from jobplus.stack.ports import free_base_port
from tests.calling import Calling


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("importing") / "home", free_base_port(), environment="test")
    try:
        running.up()
        yield running
    finally:
        running.down(wipe=True)


@pytest.fixture(scope="session")
def calling(stack: Stack) -> Calling:
    return Calling(stack)
