"""A real Kafka, PostgreSQL, intake and matching for the tests of this folder, whose services stand on TODAY.

The day never goes on by itself, so that midnight in Seoul may pass while the tests run.
"""

from collections.abc import AsyncIterator, Iterator

import pytest

from jobplus.stack.local import Stack
from tests.calling import Calling
from tests.matching.service_calls import Caller
from tests.matching.states import TODAY
from tests.stacks import Stacks

SERVICES = ("intake", "matching")


@pytest.fixture(scope="package")
def stack(stacks: Stacks) -> Iterator[Stack]:
    with stacks.running("matching", SERVICES, durable=False) as running:
        Calling(running).move_to(TODAY, SERVICES)
        yield running


@pytest.fixture(scope="package")
async def caller(stack: Stack) -> AsyncIterator[Caller]:
    made = Caller(stack)
    yield made
    await made.close()
