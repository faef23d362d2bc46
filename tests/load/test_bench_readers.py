"""Whoever reads in reporting's place counts each event once: a rate of one who loses some says nothing."""

import time
from collections.abc import Iterator
from datetime import date

import pytest

from jobplus.bench.readers import PEERS
from jobplus.bench.reading import WORKER, read_anew, read_by_peer
from jobplus.stack.local import Stack
from tests.kit.events import registered, session, somebody
from tests.kit.topics import Topics

EVENTS = 6_000
"""More than one batch takes, so that a rate can be told."""
DAY = date(2009, 3, 2)
SECONDS = 60.0


@pytest.fixture(scope="module")
def published(stack: Stack) -> Iterator[int]:
    stack.database_url("reporting")  # whoever asks first has it started
    stack.stop(WORKER)
    people = [somebody() for _ in range(EVENTS // 2)]
    with Topics(stack) as topics:
        topics.publish([registered(one, DAY) for one in people] + [session(one, DAY) for one in people])
    yield EVENTS
    stack.start(WORKER)


def test_reporting_reads_everything_anew_as_often_as_it_is_asked(stack: Stack, published: int) -> None:
    for _ in range(2):
        turn = read_anew(stack, published)
        assert 0 < turn.events < published
        assert turn.own > 0


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_keeps_each_event_once(stack: Stack, published: int, name: str) -> None:
    turn = read_by_peer(stack, name, f"{name}-{time.time_ns()}", published, SECONDS)
    assert 0 < turn.events < published
    assert turn.seconds < SECONDS
