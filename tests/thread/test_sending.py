"""The relay under what its surroundings do to it: PostgreSQL that takes no writes or no password, a record that Kafka
refuses, a leader that is frozen. Nothing is sent without end, and all heals by itself."""

import asyncio
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from contracts.topics import FIRMS, SEEKERS, Topic
from jobplus.stack.health import get, unready_because
from jobplus.stack.ports import health_port
from tests.kit import forms
from tests.kit.client import StackClient
from tests.kit.topics import Topics
from tests.kit.waiting import until
from tests.stacks import Stacks

HEALS_SECONDS = 10.0


@pytest.fixture(scope="module")
def calling(stacks: Stacks) -> Iterator[StackClient]:
    with stacks.running("sending", ["intake"], durable=False) as own:
        yield StackClient(own)


@pytest.fixture
def topics(calling: StackClient) -> Iterator[Topics]:
    with Topics(calling.stack) as reading:
        yield reading


def _status(calling: StackClient) -> Any:
    return calling.get("intake", "/status", role="operator").json


def _sent(calling: StackClient) -> None:
    until(lambda: _status(calling)["outbox"], "the outbox is sent", lambda left: left == 0, seconds=HEALS_SECONDS)


def _as_superuser(calling: StackClient, *statements: str) -> None:
    with psycopg.connect(calling.stack.database_url(), autocommit=True) as conn:
        for statement in statements:
            conn.execute(statement)


_END_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'intake'"


def _ready(calling: StackClient, role: str) -> tuple[int, str]:
    status, why = get(health_port(calling.stack.base_port, "intake", role), "/health/ready")
    return status, why.decode()


def _all_ready(calling: StackClient) -> None:
    for role in ("api", "worker", "relay"):
        until(
            lambda role=role: _ready(calling, role), f"{role} is ready", lambda seen: seen[0] == 200,
            seconds=HEALS_SECONDS,
        )  # fmt: skip


def test_a_database_that_is_read_only_is_away_and_nothing_is_sent_twice(calling: StackClient, topics: Topics) -> None:
    assert calling.post("intake", "/seekers", forms.seeker()).status == 201
    _sent(calling)
    before = len(topics.read(SEEKERS))
    form, key = forms.seeker(), str(uuid.uuid4())
    # events that wait while nothing can be taken out of the outbox
    calling.stack.kill("intake-relay", signal.SIGSTOP)
    waiting = [calling.post("intake", "/seekers", forms.seeker()) for _ in range(5)]
    assert {reply.status for reply in waiting} == {201}
    _as_superuser(calling, "ALTER DATABASE intake SET default_transaction_read_only = on", _END_SESSIONS)
    calling.stack.kill("intake-relay", signal.SIGCONT)
    try:
        refused = calling.post("intake", "/seekers", form, key=key)
        assert (refused.status, refused.code) == (503, "unavailable")
        assert int(refused.headers["retry-after"]) >= 1
        until(lambda: _ready(calling, "api"), "the api says so", lambda seen: seen[0] == 503)
        until(lambda: _ready(calling, "relay"), "the relay says so", lambda seen: seen[0] == 503)
        time.sleep(3)
        assert len(topics.read(SEEKERS)) == before
    finally:
        _as_superuser(calling, "ALTER DATABASE intake RESET default_transaction_read_only")
    _all_ready(calling)
    assert calling.post("intake", "/seekers", form, key=key).status == 201
    _sent(calling)
    ids = [published.event_id for published in topics.read(SEEKERS)]
    assert len(ids) == len(set(ids))


def test_a_password_that_was_changed_is_read_anew(calling: StackClient) -> None:
    file = calling.stack.home.password_file("intake")
    old = file.read_text()
    new = uuid.uuid4().hex
    _as_superuser(calling, f"ALTER ROLE intake PASSWORD '{new}'", _END_SESSIONS)
    try:
        away = until(
            lambda: calling.post("intake", "/seekers", forms.seeker()), "it is away", lambda seen: seen.status == 503
        )
        assert away.code == "unavailable"
        file.write_text(new)
        until(
            lambda: calling.post("intake", "/seekers", forms.seeker()), "it is taken", lambda seen: seen.status == 201,
            seconds=HEALS_SECONDS,
        )  # fmt: skip
        _all_ready(calling)
        _sent(calling)
    finally:
        file.write_text(old)
        _as_superuser(calling, f"ALTER ROLE intake PASSWORD '{old.strip()}'", _END_SESSIONS)
    _all_ready(calling)


def test_what_kafka_refuses_is_set_aside_and_sent_once_when_it_is_taken(calling: StackClient, topics: Topics) -> None:
    _sent(calling)
    before = len(topics.read(SEEKERS))
    _set(calling, FIRMS, "max.message.bytes", "100")
    employer = calling.made("intake", "/employers", forms.employer())["employer_id"]
    other = calling.made("intake", "/employers", forms.employer())["employer_id"]
    changed = {"name": "한빛물산", "size": "large", "district": "11680"}
    assert calling.put("intake", f"/employers/{employer}", changed, version='"1"').status == 200
    for _ in range(20):
        assert calling.post("intake", "/seekers", forms.seeker()).status == 201
    _sent(calling)
    until(lambda: len(topics.read(SEEKERS)), "the seekers are sent", lambda seen: seen >= before + 20)
    seekers = [published.event_id for published in topics.read(SEEKERS)]
    assert len(seekers) == len(set(seekers))
    assert _status(calling)["unsent_events"] == {"dead": 2, "parked": 1}
    events = calling.get("intake", "/unsent-events", role="operator").json["events"]
    assert {event["key"]: event["parked"] for event in events} == {employer: 1, other: 0}
    assert all("MessageSizeTooLarge" in event["error"] for event in events)

    _set(calling, FIRMS, "max.message.bytes", "1048588")
    for event in events:
        moved = calling.post("intake", f"/unsent-events/{event['id']}/redrive", {}, role="operator").json
        assert moved == {"moved": event["parked"] + 1}
    gone = calling.post("intake", f"/unsent-events/{events[0]['id']}/redrive", {}, role="operator")
    assert gone.refusal == (404, "unknown-id")
    _sent(calling)
    firms = [(p.key, p.sequence) for p in topics.read(FIRMS)]
    assert [sequence for key, sequence in firms if key == employer] == [1, 2]
    assert [sequence for key, sequence in firms if key == other] == [1]
    assert _status(calling)["unsent_events"] == {"dead": 0, "parked": 0}


def test_what_a_frozen_process_holds_is_let_go_of_and_it_changes_nothing_when_it_comes_back(
    calling: StackClient, topics: Topics
) -> None:
    """A leader, and who holds a worker's rows: both are free again within 15 s."""
    _sent(calling)
    worker = _holding_a_workers_row(calling)
    environment = {**calling.stack.environment("intake", "relay")}
    port = health_port(calling.stack.base_port, "intake", "relay") + 50
    environment["JOBPLUS_HEALTH_PORT"] = str(port)
    log = calling.stack.home.logs / "intake-standby.log"
    with log.open("w") as output:
        standby = subprocess.Popen(
            [sys.executable, "-m", "services.intake", "relay"], env={**os.environ, **environment},
            stdout=output, stderr=output,
        )  # fmt: skip
    try:
        until(lambda: unready_because(port), "the standby stands by", lambda why: why is None)
        calling.stack.kill("intake-relay", signal.SIGSTOP)
        frozen = time.monotonic()
        made = [calling.made("intake", "/seekers", forms.seeker())["seeker_id"] for _ in range(5)]
        until(lambda: _status(calling)["outbox"], "the standby leads", lambda left: left == 0, seconds=20)
        assert time.monotonic() - frozen < 17
        calling.stack.kill("intake-relay", signal.SIGCONT)
        _all_ready(calling)
        made += [calling.made("intake", "/seekers", forms.seeker())["seeker_id"] for _ in range(5)]
        _sent(calling)
        sql = "SELECT count(*) AS n FROM pg_stat_activity WHERE pid = $1"
        until(
            lambda: calling.query("intake", sql, worker.info.backend_pid)[0]["n"], "its session is ended",
            lambda left: left == 0, seconds=20,
        )  # fmt: skip
        with pytest.raises(psycopg.Error):
            worker.execute("UPDATE consumer_offset SET next_offset = 0")
        sent = [published.key for published in topics.read(SEEKERS)]
        assert {one: sent.count(one) for one in made} == dict.fromkeys(made, sent.count(made[0]))
    finally:
        worker.close()
        standby.terminate()
        standby.wait(20)
        print(log.read_text())  # pytest shows it when the test failed


def _holding_a_workers_row(calling: StackClient) -> "psycopg.Connection[Any]":
    """A session of intake's that locks where its worker stands, and says nothing more."""
    password = calling.stack.home.password_file("intake").read_text().strip()
    url = calling.stack.database_url().partition("@")[2].partition("/")[0]
    conn = psycopg.connect(f"postgresql://intake:{password}@{url}/intake")
    conn.execute("SELECT * FROM consumer_offset FOR UPDATE")
    return conn


def _set(calling: StackClient, topic: Topic, name: str, value: str) -> None:
    async def alter() -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=calling.stack.kafka_servers)
        await admin.start()
        try:
            await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name, configs={name: value})])
        finally:
            await admin.close()

    asyncio.run(alter())
