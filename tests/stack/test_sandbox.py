"""A sandbox lives on by itself, gives a partner what it needs, ends when it is told to, and goes on where it ended."""

import asyncio
import json
import os
import signal
import ssl
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaConnectionError, TopicAuthorizationFailedError

from jobplus.sandbox.centre import CODE
from jobplus.sandbox.run import FOLDER, OWN, TOPICS, run, stack_of
from jobplus.stack.local import Stack
from jobplus.stack.ports import free_base_port
from tests.kit.guide import commands_of
from tests.kit.guide import run as run_block
from tests.kit.threads import begin
from tests.kit.waiting import PATIENCE, until
from tests.stacks import Stacks

MINUTES, PERSONS = 0.02, 3
SECONDS = 120
"""For a start beside other work."""


@pytest.fixture
def stack(stacks: Stacks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("sandbox") / "home"
    made = stack_of(home, stacks.forks, free_base_port(), environment="test")
    handled = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield made
    finally:
        for number, handler in handled.items():
            signal.signal(number, handler)
        made.down(wipe=True)


def lives(stack: Stack, end: signal.Signals, meanwhile: Callable[[Path], Any]) -> Any:
    """Keep the sandbox until something was seen, then end it by a signal; gives that."""
    said: list[str] = []

    def look() -> Any:
        try:
            until(
                lambda: list(said),
                "its day has begun",
                lambda lines: any("the day is" in line for line in lines),
                seconds=SECONDS,
            )
            return meanwhile(stack.home.path / FOLDER)
        finally:
            os.kill(os.getpid(), end)

    looking = begin(look)
    run(stack, MINUTES, PERSONS, said.append)
    assert not any(map(stack.pid, stack.names())), "nothing of it runs"
    return looking.result()


def read(stack: Stack, folder: Path, after: str = "") -> list[dict[str, Any]]:
    """What the partner reads with its token after a position."""
    connection = HTTPConnection(urlsplit(stack.url("feed")).netloc, timeout=PATIENCE)
    try:
        bearing = {"Authorization": f"Bearer {(folder / 'feed.token').read_text()}"}
        connection.request("GET", f"/feed?timeout=5000&limit=1000{after}", headers=bearing)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, body
        return json.loads(body)
    finally:
        connection.close()


def claims(stack: Stack, folder: Path) -> Any:
    """Link the client whose code the sandbox keeps, as the guide says it. A day is short here, and a code over with it:
    then there is a newer one."""
    until(lambda: (folder / CODE).exists(), "a client brings a code", bool)
    (claim,) = (block for block in commands_of("feed.md") if "/claims" in block)
    return until(
        lambda: json.loads(run_block(claim, folder, {"FEED": stack.url("feed")})),
        "the client is linked",
        lambda answer: "client_number" in answer,
    )


async def first_of(told: dict[str, Any], topic: str) -> Any:
    """What stands first on a topic, read by what stands in the credentials alone."""
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=told["bootstrap_servers"],
        security_protocol=told["security_protocol"],
        sasl_mechanism=told["sasl_mechanism"],
        sasl_plain_username=told["username"],
        sasl_plain_password=told["password"],
        ssl_context=ssl.create_default_context(cadata=told["ca_pem"]),
        group_id=told["group_id_prefix"] + "first",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    try:
        await consumer.start()
        return await consumer.getone()
    finally:
        await consumer.stop()


def test_a_sandbox_lives_on_and_goes_on_where_it_ended(stack: Stack) -> None:
    def begun(folder: Path) -> list[dict[str, Any]]:
        told = json.loads((folder / "welfare.credentials").read_text())
        assert (told["security_protocol"], told["writes"]) == ("SASL_SSL", [*OWN])
        assert told["bootstrap_servers"] != stack.kafka_servers
        assert asyncio.run(first_of(told, TOPICS[0]))
        with pytest.raises(TopicAuthorizationFailedError):
            asyncio.run(first_of(told, "jobplus.firms"))
        with pytest.raises(KafkaConnectionError):
            asyncio.run(first_of({**told, "password": "another"}, TOPICS[0]))
        assert claims(stack, folder) == {"client_number": "W-2026-0042"}
        return until(lambda: read(stack, folder), "two days have gone by", lambda found: len(found) > 4)

    def gone_on(folder: Path) -> list[dict[str, Any]]:
        return until(lambda: read(stack, folder), "it goes on", lambda found: len(found) > len(heard) + 2)

    heard = lives(stack, signal.SIGTERM, begun)
    assert {event["type"] for event in heard} >= {"jobplus.SosCareGranted", "jobplus.Placed"}
    assert all(event["subject"].startswith(("S-", "W-")) for event in heard)
    whole = lives(stack, signal.SIGINT, gone_on)
    assert whole[: len(heard)] == heard
    care = [event["subject"] for event in whole if event["type"] == "jobplus.SosCareGranted"]
    assert len(care) == len(set(care)), "a day that was broken off is done once"
