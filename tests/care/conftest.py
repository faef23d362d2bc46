"""A real stack for the stories of this folder, whose days go on in all services together."""

from collections.abc import Iterator
from datetime import date

import pytest

from jobplus.stack.local import Stack
from tests.care.centre import Centre
from tests.stacks import a_stack


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with a_stack(tmp_path_factory, "care") as running:
        yield running


@pytest.fixture(scope="package")
def centre(stack: Stack) -> Centre:
    made = Centre(stack)
    made.move_to(date(2009, 3, 2))
    return made
