"""Each contact is announced once, whichever process does it and however it ends."""

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from contracts.cases import Placed
from contracts.codes import FollowUpStep
from contracts.followups import FollowUpDue, FollowUpMade
from jobplus.stack.local import Stack
from jobplus.stack.ports import free_base_port
from jobplus.stack.processes import service_command
from services.followup.contacts.working_days import due_on
from tests.followup.care import Care
from tests.kit.events import placed, somebody
from tests.kit.threads import at_once, begin
from tests.kit.topics import Published
from tests.kit.waiting import until


@contextmanager
def another(stack: Stack, role: str) -> Generator[subprocess.Popen[bytes]]:
    """Run a second process of a role, on a port of its own."""
    environment = {**stack.environment("followup", role), "JOBPLUS_HEALTH_PORT": str(free_base_port())}
    process = subprocess.Popen(service_command("followup", role), env=environment, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.wait(10)


def _known(care: Care, placements: list[Placed]) -> int:
    sql = "SELECT count(*) AS n FROM employment WHERE placement_id = ANY($1)"
    return care.calling.query("followup", sql, [placement.placement_id for placement in placements])[0]["n"]


def _until_known(care: Care, placements: list[Placed]) -> None:
    until(lambda: _known(care, placements), "all placements are known", lambda n: n == len(placements))


def _placed(care: Care, count: int) -> list[Placed]:
    today = care.today()
    placements = [placed(somebody(), today) for _ in range(count)]
    care.publish(placements)
    _until_known(care, placements)
    return placements


def _planned(care: Care, placements: list[Placed]) -> int:
    sql = "SELECT count(*) AS n FROM contact WHERE placement_id = ANY($1) AND status = 'planned'"
    return care.calling.query("followup", sql, [placement.placement_id for placement in placements])[0]["n"]


def _begun(care: Care, placements: list[Placed], planned: int) -> None:
    """Wait until not all of so many contacts are still planned."""
    until(lambda: _planned(care, placements), "the first is announced", lambda n: n < planned)


def _announcements(published: Sequence[Published], placements: list[Placed]) -> Counter[object]:
    """Count, for each contact, the different announcements: the same id sent twice is one."""
    known = {placement.placement_id for placement in placements}
    ids = {
        (one.event_id, one.event.contact_id)
        for one in published
        if isinstance(one.event, FollowUpDue) and one.event.placement_id in known
    }
    return Counter(contact_id for _, contact_id in ids)


def test_with_two_relay_processes_each_contact_is_sent_once(care: Care, stack: Stack) -> None:
    placements = _placed(care, 100)
    with another(stack, "relay"):
        care.move_to(due_on(care.today(), "12m"))
        care.settled()
    known = {placement.placement_id for placement in placements}
    sent = Counter(one.event.contact_id for one in care.published() if one.event.placement_id in known)
    assert (len(sent), set(sent.values())) == (500, {1})


def test_when_the_leading_relay_is_killed_the_other_goes_on_where_it_stopped(care: Care, stack: Stack) -> None:
    placements = _placed(care, 300)
    with another(stack, "relay"):
        care.move_to(due_on(care.today(), "12m"))
        _begun(care, placements, 1500)
        stack.kill("followup-relay")
        care.settled()
        stack.start("followup-relay")
    sent = _announcements(care.published(), placements)
    assert (len(sent), set(sent.values())) == (1500, {1})


def test_relays_killed_in_the_middle_of_it_announce_nothing_twice_and_forget_nothing(care: Care, stack: Stack) -> None:
    placements = _placed(care, 600)
    rounds: tuple[tuple[FollowUpStep, int], ...] = (("1m", 3000), ("6m", 1800), ("12m", 600))
    for step, left in rounds:
        with another(stack, "relay") as second:
            care.move_to(due_on(placements[0].occurred_on, step))
            _begun(care, placements, left)
            stack.kill("followup-relay")
            os.kill(second.pid, signal.SIGKILL)
        stack.start("followup-relay")
        care.settled()
    assert _planned(care, placements) == 0
    sent = _announcements(care.published(), placements)
    assert (len(sent), set(sent.values())) == (3000, {1})


def test_a_worker_killed_while_placements_arrive_plans_each_once(care: Care, stack: Stack) -> None:
    day = care.today() - timedelta(days=400)
    late = [placed(somebody(), day) for _ in range(1500)]
    publishing = begin(lambda: care.publish(late))
    until(lambda: _known(care, late), "the first is known")
    stack.kill("followup-worker")
    publishing.result()
    stack.start("followup-worker")
    _until_known(care, late)
    care.settled()
    sent = _announcements(care.published(), late)
    assert (len(sent), set(sent.values())) == (7500, {1})


def test_a_contact_recorded_while_it_falls_due_is_announced_once_and_before(care: Care) -> None:
    placements = _placed(care, 150)
    contacts = [care.contacts_of(placement)["1w"][0] for placement in placements]
    care.move_to(due_on(care.today(), "1w"))
    form = {"outcome": "still_employed"}
    paths = [f"/contacts/{contact}/outcome" for contact in contacts]
    replies = at_once(*(partial(care.calling.insist, "followup", path, form) for path in paths))
    assert {reply.status for reply in replies} == {200}
    care.settled()
    known = {placement.placement_id for placement in placements}
    order: dict[object, list[type]] = {}
    for one in care.published():
        if one.event.placement_id in known:
            order.setdefault(one.event.contact_id, []).append(type(one.event))
    assert len(order) == 150
    assert all(kinds == [FollowUpDue, FollowUpMade] for kinds in order.values())
