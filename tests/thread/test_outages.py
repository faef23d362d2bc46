"""Kafka away: intake goes on and catches up by itself. PostgreSQL away: 503, and the same key settles it afterwards."""

import uuid
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from jobplus.stack.health import get
from jobplus.stack.ports import health_port
from tests.kit import forms
from tests.kit.client import StackClient
from tests.kit.waiting import until
from tests.stacks import Stacks


@pytest.fixture(scope="module")
def calling(stacks: Stacks) -> Iterator[StackClient]:
    with stacks.running("outages", ["intake"]) as own:
        yield StackClient(own)


def _status(calling: StackClient) -> Any:
    return calling.get("intake", "/status", role="operator").json


def test_with_kafka_away_registrations_go_on_and_are_sent_afterwards(calling: StackClient) -> None:
    calling.stack.stop("kafka")
    replies = [calling.post("intake", "/seekers", forms.seeker()) for _ in range(20)]
    assert {reply.status for reply in replies} == {201}
    assert _status(calling)["outbox"] >= 40
    calling.stack.start("kafka")
    until(lambda: _status(calling)["outbox"], "the outbox is sent", lambda left: left == 0)


def test_with_postgresql_away_a_change_gets_503_and_is_done_once_afterwards(calling: StackClient) -> None:
    form, key = forms.seeker(), str(uuid.uuid4())
    calling.stack.stop("postgres")
    away = calling.post("intake", "/seekers", form, key=key)
    assert (away.status, away.headers["content-type"]) == (503, "application/problem+json")
    assert int(away.headers["retry-after"]) >= 1
    port = health_port(calling.stack.base_port, "intake", "api")
    ready, why = get(port, "/health/ready")
    # whom the service takes no tokens of, and what waits in the outbox, is looked for by the second, perhaps already
    troubles = set(orjson.loads(why)["troubles"])
    assert (ready, troubles - {"revocations", "outbox"}) == (503, {"postgresql"})
    assert get(port, "/health/live")[0] == 200
    calling.stack.start("postgres")
    until(
        lambda: calling.post("intake", "/seekers", form, key=key),
        "the change is made",
        lambda reply: reply.status == 201,
        seconds=30,
    )
    same = calling.post("intake", "/seekers", form, key=key)
    assert same.status == 201
    assert calling.post("intake", "/seekers", form).status == 409
