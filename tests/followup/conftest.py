"""A real Kafka, PostgreSQL and followup for the tests of this folder."""

from collections.abc import Iterator
from datetime import date

import pytest

from jobplus.stack.local import Stack
from tests.followup.care import Care
from tests.kit.topics import Topics
from tests.stacks import SOON, Stacks


@pytest.fixture(scope="package")
def stack(stacks: Stacks) -> Iterator[Stack]:
    with stacks.running("followup", ["followup"], settings=SOON) as running:
        yield running


@pytest.fixture(scope="package")
def care(stack: Stack) -> Iterator[Care]:
    with Topics(stack) as topics:
        made = Care(stack, topics)
        made.move_to(date(2009, 1, 28))
        yield made
