"""Whoever reads in reporting's place counts each event once: a rate of one who loses some says nothing."""

import time
from collections.abc import Iterator
from datetime import date

import pytest

from jobplus.bench.readers import PEERS
from jobplus.bench.reading import read_anew, read_by_peer
from jobplus.stack.local import Stack
from tests.kit.events import registered, session, somebody
from tests.kit.topics import Topics
from tests.stacks import Stacks

EVENTS = 6_000
"""More than one batch takes, so that a rate can be told."""
DAY = date(2009, 3, 2)
SECONDS = 240.0


@pytest.fixture(scope="module")
def readers(stacks: Stacks) -> Iterator[Stack]:
    """A stack whose topics hold these events and no others, and which nobody reads yet."""
    with stacks.running("readers", ["reporting-api"]) as stack:
        people = [somebody() for _ in range(EVENTS // 2)]
        with Topics(stack) as topics:
            topics.publish([registered(one, DAY) for one in people] + [session(one, DAY) for one in people])
        yield stack


def test_reporting_reads_everything_anew_as_often_as_it_is_asked(readers: Stack) -> None:
    for _ in range(2):
        turn = read_anew(readers, EVENTS)
        assert 0 < turn.events < EVENTS
        assert turn.own > 0


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_keeps_each_event_once(readers: Stack, name: str) -> None:
    turn = read_by_peer(readers, name, f"{name}-{time.time_ns()}", EVENTS, SECONDS)
    assert 0 < turn.events < EVENTS
    assert turn.seconds < SECONDS
