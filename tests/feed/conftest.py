"""A real Kafka, PostgreSQL and feed for the tests of this folder."""

from collections.abc import Iterator

import pytest

from jobplus.stack.local import Stack
from tests.feed.partners import DAY, Feed
from tests.kit.topics import Topics
from tests.stacks import SOON, Stacks

TO_THIS_MACHINE = {"WEBHOOK_HTTP": "true", "WEBHOOK_NETWORKS": "127.0.0.1/32", "WEBHOOK_FAILURES": "3"}
"""Settings by which webhooks may lead to the receivers of tests, and are paused soon."""


@pytest.fixture(scope="package")
def stack(stacks: Stacks) -> Iterator[Stack]:
    with stacks.running(
        "feed", ["feed"], feed=True, durable=False, settings={**SOON, **TO_THIS_MACHINE, "FEED_STREAM_SECONDS": "2"}
    ) as running:
        yield running


@pytest.fixture(scope="package")
def feed(stack: Stack) -> Iterator[Feed]:
    with Topics(stack) as topics:
        made = Feed(stack, topics)
        made.calling.move_to(DAY, ["feed"])
        yield made
