"""A real Kafka, PostgreSQL and feed for the tests of this folder."""

from collections.abc import Iterator

import pytest

from jobplus.stack.local import Stack
from tests.feed.partners import DAY, Feed
from tests.kit.topics import Topics
from tests.stacks import SOON, Stacks


@pytest.fixture(scope="package")
def stack(stacks: Stacks) -> Iterator[Stack]:
    with stacks.running(
        "feed", ["feed"], feed=True, durable=False, settings={**SOON, "FEED_STREAM_SECONDS": "2"}
    ) as running:
        yield running


@pytest.fixture(scope="package")
def feed(stack: Stack) -> Iterator[Feed]:
    with Topics(stack) as topics:
        made = Feed(stack, topics)
        made.calling.move_to(DAY, ["feed"])
        yield made
