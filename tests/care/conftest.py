"""A real stack for the stories of this folder, whose days go on in all services together."""

from collections.abc import Iterator
from datetime import date

import pytest

from jobplus.stack.local import Stack
from jobplus.stack.ports import free_base_port
from tests.care.centre import Centre


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("care") / "home", free_base_port(), environment="test")
    try:
        running.up()
        yield running
    finally:
        running.down(wipe=True)


@pytest.fixture(scope="session")
def centre(stack: Stack) -> Centre:
    made = Centre(stack)
    made.move_to(date(2009, 3, 2))
    return made
