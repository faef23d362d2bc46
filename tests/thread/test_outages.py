"""Kafka away: intake goes on and catches up by itself. PostgreSQL away: 503, and the same key settles it afterwards."""

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.calling import Calling, person
from tests.stacks import Stacks


@pytest.fixture(scope="module")
def calling(stacks: Stacks) -> Iterator[Calling]:
    with stacks.running("outages", ["intake"]) as own:
        yield Calling(own)


def _status(calling: Calling) -> Any:
    return calling.get("intake", "/status", role="operator").json


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.2)
    return False


def test_with_kafka_away_registrations_go_on_and_are_sent_afterwards(calling: Calling) -> None:
    calling.stack.stop("kafka")
    replies = [calling.post("intake", "/seekers", person()) for _ in range(20)]
    assert {reply.status for reply in replies} == {201}
    assert _status(calling)["outbox"] >= 40
    calling.stack.start("kafka")
    assert _within(60, lambda: _status(calling)["outbox"] == 0)


def test_with_postgresql_away_a_change_gets_503_and_is_done_once_afterwards(calling: Calling) -> None:
    form, key = person(), str(uuid.uuid4())
    calling.stack.stop("postgres")
    away = calling.post("intake", "/seekers", form, key=key)
    assert (away.status, away.headers["content-type"]) == (503, "application/problem+json")
    assert int(away.headers["retry-after"]) >= 1
    assert calling.send("intake", "GET", "/health/ready").status == 503
    assert calling.send("intake", "GET", "/health/live").status == 200
    calling.stack.start("postgres")
    assert _within(30, lambda: calling.post("intake", "/seekers", form, key=key).status == 201)
    same = calling.post("intake", "/seekers", form, key=key)
    assert same.status == 201
    assert calling.post("intake", "/seekers", form).status == 409
