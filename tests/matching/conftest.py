"""A real Kafka, PostgreSQL, intake and matching for the tests of this folder, whose services stand on TODAY.

The day never goes on by itself, so that midnight in Seoul may pass while the tests run.
"""

from collections.abc import Iterator

import pytest

from jobplus.stack.local import Stack
from tests.kit.client import StackClient
from tests.kit.topics import Topics
from tests.matching.service_calls import Caller
from tests.matching.states import TODAY
from tests.stacks import Stacks

SERVICES = ("intake", "matching")


@pytest.fixture(scope="package")
def stack(stacks: Stacks) -> Iterator[Stack]:
    with stacks.running("matching", SERVICES, durable=False) as running:
        StackClient(running).move_to(TODAY, SERVICES)
        yield running


@pytest.fixture(scope="package")
def caller(stack: Stack) -> Iterator[Caller]:
    with Topics(stack) as topics:
        yield Caller(stack, topics)
