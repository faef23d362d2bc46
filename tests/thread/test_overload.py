"""More than a service takes: PostgreSQL frozen by a lock, Kafka away for long. What is refused is told so at once and
not done, what is acknowledged is kept once, and reads and health answer meanwhile. Here things stand still for some
seconds, which is what it is about."""

import socket
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, wait
from urllib.parse import urlsplit

import orjson
import psycopg
import pytest

from contracts.topics import SEEKERS
from jobplus.stack.health import get
from jobplus.stack.ports import health_port
from tests.kit import forms
from tests.kit.client import LOCKED_OUT, Reply, StackClient
from tests.kit.threads import begin
from tests.kit.topics import Topics
from tests.kit.waiting import until
from tests.stacks import Stacks

MANY = 60
LIMIT = 4 * MANY
"""Events. Twice as many as those who ask here give, two each: how far the relay is says nothing of them."""
REQUEST_SECONDS = 2
AT_ONCE_SECONDS = 1.0
"""Far less than what waits has to wait."""


@pytest.fixture(scope="module")
def calling(stacks: Stacks) -> Iterator[StackClient]:
    settings = {"COMMAND_WAIT_SECONDS": "0.2", "REQUEST_SECONDS": str(REQUEST_SECONDS), "OUTBOX_LIMIT": str(LIMIT)}
    with stacks.running("overload", ["intake"], settings=settings) as own:
        yield StackClient(own)


def _health(calling: StackClient, path: str, role: str = "api") -> tuple[int, str]:
    status, body = get(health_port(calling.stack.base_port, "intake", role), path)
    return status, body.decode()


def _registered(calling: StackClient, keys: list[str]) -> int:
    """How many of the requests with these keys were done, by what they left."""
    (row,) = calling.query("intake", "SELECT count(*) AS n FROM idempotency WHERE key = ANY($1)", keys)
    return row["n"]


def _emptied(calling: StackClient) -> None:
    until(
        lambda: calling.get("intake", "/status", role="operator").json["outbox"],
        "the outbox is sent",
        lambda left: left == 0,
    )


def test_while_the_database_stands_some_wait_and_others_are_refused_before_their_body_is_read(
    calling: StackClient,
) -> None:
    asked = {str(uuid.uuid4()): forms.seeker() for _ in range(MANY)}
    refused_key = str(uuid.uuid4())
    going_on: dict[str, Future[Reply]] = {}
    with psycopg.connect(calling.stack.database_url("intake")) as lock:
        lock.execute("LOCK TABLE seeker IN ACCESS EXCLUSIVE MODE")
        for key, form in asked.items():
            going_on[key] = begin(lambda form=form, key=key: calling.post("intake", "/seekers", form, key=key))
        until(lambda: calling.query("intake", LOCKED_OUT), "a batch waits for the lock")

        refused = until(
            lambda: calling.post("intake", "/seekers", forms.seeker(), key=refused_key),
            "the queue is closed",
            lambda reply: reply.code == "overloaded",
        )
        assert (refused.status, refused.headers["retry-after"]) == (503, "1")
        _is_answered_by_its_head_alone(calling)
        assert calling.get("intake", "/counsellors").status == 200
        assert _health(calling, "/health/ready")[0] == 200
        assert "jobplus_commands_waiting" in _health(calling, "/metrics")[1]

        # All but the batch are told to come again; of the batch nobody knows yet what becomes.
        wait(going_on.values(), timeout=REQUEST_SECONDS + 2)
        waits = {key for key in asked if not going_on[key].done()}
        assert 0 < len(waits) < MANY
    answered = {key: reply.result() for key, reply in going_on.items()}
    acknowledged = {key for key, reply in answered.items() if reply.status == 201}
    assert acknowledged == waits
    refusals = {reply.refusal for key, reply in answered.items() if key not in waits}
    assert (503, "request-too-long") in refusals
    assert refusals <= {(503, "request-too-long"), (503, "overloaded")}
    assert _registered(calling, [*asked, refused_key]) == len(acknowledged)

    again = [calling.post("intake", "/seekers", form, key=key).status for key, form in asked.items()]
    assert again == [201] * MANY
    assert _registered(calling, [*asked]) == MANY


def _is_answered_by_its_head_alone(calling: StackClient) -> None:
    address = urlsplit(calling.stack.url("intake"))
    body = b" " * 900_000
    head = {**calling.bearing(), "Host": address.netloc, "Content-Type": "application/json", "Idempotency-Key": "head"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in {**head, "Content-Length": len(body)}.items())
    with socket.create_connection((address.hostname, address.port or 0), timeout=10) as connection:
        started = time.monotonic()
        connection.sendall(f"POST /seekers HTTP/1.1\r\n{lines}\r\n".encode())
        answer = connection.recv(65536)
        assert time.monotonic() - started < AT_ONCE_SECONDS
        assert answer.startswith(b"HTTP/1.1 503 "), answer
        # Whoever sends it nevertheless isn't cut off, and then the connection ends.
        connection.sendall(body)
        while part := connection.recv(65536):
            answer += part
    assert b"problem:overloaded" in answer
    assert b"\r\nretry-after: 1\r\n" in answer.lower()
    assert answer.endswith(b'come again in 1 s"}')


def test_with_kafka_away_for_long_commands_are_refused_until_it_is_back_and_none_is_lost(calling: StackClient) -> None:
    _emptied(calling)
    calling.stack.stop("kafka")
    taken: list[str] = []

    def register() -> Reply:
        key = str(uuid.uuid4())
        reply = calling.post("intake", "/seekers", forms.seeker(), key=key)
        if reply.status == 201:
            taken.append(reply.json["seeker_id"])
        return reply

    full = until(register, "the outbox is full", lambda reply: reply.status != 201, longest=0.01)
    assert (full.refusal, full.headers["retry-after"]) == ((503, "outbox-full"), "10")
    rows = calling.post("intake", "/commands/bulk", b'{"path": "/seekers"}', content_type="application/x-ndjson")
    assert rows.refusal == (503, "outbox-full")
    assert calling.get("intake", f"/seekers/{taken[0]}").status == 200
    for role in ("api", "relay"):
        told = until(
            lambda role=role: _health(calling, "/health/ready", role), "it says so", lambda seen: seen[0] == 503
        )
        assert f"full: {LIMIT} events wait to be published" in orjson.loads(told[1])["troubles"]["outbox"]
        assert _health(calling, "/health/live", role)[0] == 200
    status = calling.get("intake", "/status", role="operator").json
    assert (status["outbox"] >= LIMIT, status["outbox_limit"], status["outbox_percent"] >= 100) == (True, LIMIT, True)

    calling.stack.start("kafka")
    until(register, "commands are taken again", lambda reply: reply.status == 201)
    _emptied(calling)
    with Topics(calling.stack) as topics:
        # what was on its way as Kafka went may come twice, under its id
        published = {one.event_id: one.key for one in topics.read(SEEKERS) if one.type.endswith("SeekerRegistered")}
    assert sorted(key for key in published.values() if key in set(taken)) == sorted(taken)
