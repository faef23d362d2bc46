"""A real stack of its own: a centre moves into an empty one."""

from collections.abc import Iterator

import pytest

from jobplus.stack.local import Stack
from tests.kit.client import StackClient
from tests.stacks import a_stack


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with a_stack(tmp_path_factory, "importing") as running:
        yield running


@pytest.fixture(scope="package")
def calling(stack: Stack) -> StackClient:
    return StackClient(stack)
