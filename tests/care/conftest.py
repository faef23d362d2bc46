"""A real stack for the stories of this folder, whose days go on in all services together."""

from collections.abc import Iterator
from datetime import date

import pytest

from jobplus.stack.local import Stack
from tests.care.centre import Centre
from tests.stacks import Stacks


@pytest.fixture(scope="package")
def stack(stacks: Stacks) -> Iterator[Stack]:
    with stacks.running("care") as running:
        yield running


@pytest.fixture(scope="package")
def centre(stack: Stack) -> Centre:
    made = Centre(stack)
    made.open(date(2009, 3, 2))
    return made
