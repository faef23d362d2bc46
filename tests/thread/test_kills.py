"""Every process of every service is killed in the middle of a replay and started again: every figure is still exact."""

import asyncio
import signal
import threading
from typing import Any

import pytest

from jobplus.replay import compare, run
from jobplus.replay.plan import parse
from jobplus.stack.local import Stack
from jobplus.stack.ports import SERVICES
from tests.kit.client import StackClient
from tests.stacks import Stacks

PLAN: dict[str, Any] = {
    "name": "kills",
    "from": "2010-01-01",
    "to": "2010-12-31",
    "counsellors": 5,
    "employers": 200,
    "registered": 1500,
    "placed": {"total": 700, "by_occupation": {"02": 200, "11": 150}},
    "sessions": {"job": 18_000, "startup": 300},
    "referrals": 6000,
    "launches": 40,
}


@pytest.fixture
def own_stack(stacks: Stacks) -> Stack:
    return stacks.new("kills")


async def test_after_every_process_was_killed_in_the_middle_all_is_counted_once(own_stack: Stack) -> None:
    killed: list[str] = []
    finished = threading.Event()

    def kill() -> None:
        for service in SERVICES:
            if finished.wait(1.0):
                return
            for role in ("worker", "relay", "api"):
                own_stack.kill(f"{service}-{role}", signal.SIGKILL)
            own_stack.up(only=[service])
            killed.append(service)

    killing = threading.Thread(target=kill)
    try:
        own_stack.up()
        killing.start()
        replayed = await asyncio.to_thread(run.replay, parse(PLAN), own_stack, 3, scaled=False)
        finished.set()
        killing.join()
        assert killed == list(SERVICES), "the replay ended before every service was killed"
        assert compare.differences(replayed.rows) == []
        calling = StackClient(own_stack)
        assert calling.get("reporting", "/ledger/gaps", role="operator").json == []
        for service in SERVICES:
            assert calling.get(service, "/dead-letters", role="operator").json == []
        twice = calling.query("reporting", "SELECT event_id FROM ledger GROUP BY 1 HAVING count(*) > 1")
        assert twice == []
    finally:
        finished.set()
        killing.join()
        own_stack.down(wipe=True)
