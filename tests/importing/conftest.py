"""A real stack of its own: a centre moves into an empty one."""

from collections.abc import Iterator

import pytest

from jobplus.stack.local import Stack
from tests.kit.client import StackClient
from tests.stacks import Stacks


@pytest.fixture(scope="package")
def stack(stacks: Stacks) -> Iterator[Stack]:
    with stacks.running("importing") as running:
        yield running


@pytest.fixture(scope="package")
def calling(stack: Stack) -> StackClient:
    return StackClient(stack)
