"""A sandbox lives on by itself, gives a partner what it needs, ends when it is told to, and goes on where it ended."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from jobplus.sandbox.run import FOLDER, run
from jobplus.stack.local import Stack
from tests.kit.threads import begin
from tests.kit.waiting import until
from tests.stacks import Stacks

MINUTES, PERSONS = 0.02, 3
SECONDS = 120
"""For a start beside other work."""


@pytest.fixture
def stack(stacks: Stacks) -> Iterator[Stack]:
    made = stacks.new("sandbox", feed=True)
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
    connection = HTTPConnection(urlsplit(stack.url("feed")).netloc, timeout=60)
    try:
        bearing = {"Authorization": f"Bearer {(folder / 'feed.token').read_text()}"}
        connection.request("GET", f"/feed?timeout=5000&limit=1000{after}", headers=bearing)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, body
        return json.loads(body)
    finally:
        connection.close()


def test_a_sandbox_lives_on_and_goes_on_where_it_ended(stack: Stack) -> None:
    def begun(folder: Path) -> list[dict[str, Any]]:
        told = json.loads((folder / "welfare.credentials").read_text())
        assert told["bootstrap_servers"] == stack.kafka_servers
        return until(lambda: read(stack, folder), "two days have gone by", lambda found: len(found) > 4)

    def gone_on(folder: Path) -> list[dict[str, Any]]:
        return until(lambda: read(stack, folder), "it goes on", lambda found: len(found) > len(heard) + 2)

    heard = lives(stack, signal.SIGTERM, begun)
    assert {event["type"] for event in heard} >= {"jobplus.SosCareGranted", "jobplus.Placed"}
    assert all(event["subject"].startswith("S-") for event in heard)
    whole = lives(stack, signal.SIGINT, gone_on)
    assert whole[: len(heard)] == heard
    care = [event["subject"] for event in whole if event["type"] == "jobplus.SosCareGranted"]
    assert len(care) == len(set(care)), "a day that was broken off is done once"
