"""Every process of every service is killed in the middle of a load and started again: every figure is still exact."""

import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from jobplus.stack.local import Stack
from jobplus.stack.ports import SERVICES
from tests.kit.client import StackClient
from tests.kit.waiting import until
from tests.load.driving import Load
from tests.load.plans import LIGHT
from tests.stacks import Stacks

GOES_ON = 200
"""So many more actions are acknowledged before a service is killed, and after the last: each kill is in the middle."""


@pytest.fixture
def own_stack(stacks: Stacks) -> Stack:
    return stacks.new("kills")


async def test_after_every_process_was_killed_in_the_middle_all_is_counted_once(own_stack: Stack) -> None:
    load, enough = Load(LIGHT), threading.Event()
    try:
        own_stack.up()
        with ThreadPoolExecutor(1) as thread:
            driving = thread.submit(load.drive, own_stack, enough.is_set)

            def goes_on() -> None:
                wanted = load.course.done + GOES_ON
                until(lambda: load.course.done >= wanted or driving.done(), f"{GOES_ON} more actions", seconds=120)
                assert not driving.done(), f"the load ended by itself: {driving.exception()}"

            try:
                for service in SERVICES:
                    goes_on()
                    for role in ("worker", "relay", "api"):
                        own_stack.kill(f"{service}-{role}", signal.SIGKILL)
                    own_stack.up(only=[service])
                goes_on()
            finally:
                enough.set()
            driven = driving.result()
        assert driven.differences == []
        calling = StackClient(own_stack)
        assert calling.get("reporting", "/ledger/gaps", role="operator").json["gaps"] == []
        for service in SERVICES:
            assert calling.get(service, "/dead-letters", role="operator").json["letters"] == []
        twice = calling.query("reporting", "SELECT event_id FROM ledger GROUP BY 1 HAVING count(*) > 1")
        assert twice == []
    finally:
        own_stack.down(wipe=True)
