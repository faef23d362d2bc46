"""A real Kafka, PostgreSQL and followup for the tests of this folder."""

from collections.abc import Iterator
from datetime import date

import pytest

from jobplus.stack.local import Stack
from tests.followup.care import Care
from tests.kit.topics import Topics
from tests.stacks import a_stack


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with a_stack(tmp_path_factory, "followup", ["followup"]) as running:
        yield running


@pytest.fixture(scope="package")
def care(stack: Stack) -> Iterator[Care]:
    with Topics(stack) as topics:
        made = Care(stack, topics)
        made.move_to(date(2009, 1, 28))
        yield made
