"""How many commands may wait, whose they are, and what becomes of those whose askers give up."""

import asyncio
from typing import Any

import pytest

from chassis.batch import queue as queues
from chassis.batch.decisions import Accepted, Actor, Asked, Outcome
from chassis.batch.group_commit import GroupCommit
from chassis.batch.queue import ALWAYS_TAKEN, Queue, Waiting
from chassis.database.db import Unavailable
from tests.kit.standing import StandingClock


def by(subject: str) -> Asked:
    return Asked(None, Actor("counsellor", subject), "correlation", "cause")


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    """The clock that queues look at."""
    made = StandingClock()
    monkeypatch.setattr(queues, "monotonic", made.monotonic)
    return made


def paced(time: StandingClock, seconds_each: float, longest: float = 0.5) -> Queue:
    """A queue whose batches have told for long how long a command takes."""
    queue = Queue(longest)
    for _ in range(60):
        for _ in range(20):
            queue.put(by("c-0"))
        batch = queue.begin(500)
        time.now += 20 * seconds_each
        queue.end(batch)
    return queue


def fill(queue: Queue, subject: str) -> int:
    """Have somebody ask until they are refused; gives how many were taken."""
    taken = 0
    while queue.refusal(subject) is None:
        queue.put(by(subject))
        taken += 1
    return taken


@pytest.mark.parametrize(("seconds_each", "places"), [(0.001, 500), (0.005, 100), (0.4, ALWAYS_TAKEN)])
async def test_as_many_wait_as_are_through_in_time(time: StandingClock, seconds_each: float, places: int) -> None:
    queue = paced(time, seconds_each)
    assert fill(queue, "c-1") == pytest.approx(places, abs=1)
    assert queue.refusal("c-1") == "overloaded"


async def test_a_batch_of_few_tells_nothing_of_how_long_many_take(time: StandingClock) -> None:
    queue = paced(time, 0.001)
    for _ in range(1000):
        queue.put(by("c-0"))
        batch = queue.begin(500)
        time.now += 0.4
        queue.end(batch)
    assert fill(queue, "c-1") == pytest.approx(500, abs=1)


async def test_while_a_batch_stands_no_more_than_a_few_wait(time: StandingClock) -> None:
    queue = paced(time, 0.001)
    queue.put(by("c-1"))
    batch = queue.begin(500)
    time.now += 0.49
    assert queue.refusal("c-1") is None
    time.now += 0.02
    assert fill(queue, "c-1") == ALWAYS_TAKEN - 1
    assert (queue.refusal("c-1"), queue.refusal("c-2")) == ("overloaded", "overloaded")
    queue.end(batch)
    assert queue.refusal("c-1") is None


async def test_who_holds_all_places_keeps_nobody_out(time: StandingClock) -> None:
    queue = paced(time, 0.005)
    assert fill(queue, "c-1") == 100
    assert fill(queue, "c-2") == 50
    assert (queue.refusal("c-1"), queue.refusal("c-2")) == ("share", "share")
    assert fill(queue, "c-3") == 34
    batch = queue.begin(500)
    time.now += len(batch) * 0.005
    queue.end(batch)
    assert fill(queue, "c-2") == 100


async def test_of_many_who_hold_their_part_there_is_an_end(time: StandingClock) -> None:
    queue = paced(time, 0.005)
    taken = sum(fill(queue, f"c-{number}") for number in range(100))
    assert taken == 200
    assert queue.refusal("c-new") == "overloaded"
    with pytest.raises(Unavailable, match="too many commands are waiting"):
        queue.put(by("c-new"))


class Decides:
    """Decides when it is let, and knows what."""

    def __init__(self) -> None:
        self.may = asyncio.Event()
        self.began = asyncio.Event()
        self.commands: list[Any] = []

    async def run(self, asked: list[Asked]) -> list[Outcome]:
        self.began.set()
        await self.may.wait()
        self.commands += [one.command for one in asked]
        return [Accepted(answer={"command": one.command}) for one in asked]


def command(name: str) -> Asked:
    return Asked(name, Actor("counsellor", "c-1"), "correlation", "cause")


async def test_what_nobody_waits_for_any_more_is_not_done() -> None:
    decides = Decides()
    group_commit = GroupCommit(decides)  # pyright: ignore[reportArgumentType]
    first = asyncio.create_task(group_commit.submit(command("first")))
    await decides.began.wait()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await group_commit.submit(command("given up"))
    decides.may.set()
    last = await group_commit.submit(command("last"))
    assert (await first, last) == (Accepted(answer={"command": "first"}), Accepted(answer={"command": "last"}))
    assert decides.commands == ["first", "last"]
    await group_commit.finish()
    assert fill(group_commit.queue, "c-1") == fill(Queue(0.5), "c-1")


async def test_what_is_being_decided_is_answered_as_it_is_decided_however_late() -> None:
    decides = Decides()
    group_commit = GroupCommit(decides)  # pyright: ignore[reportArgumentType]

    async def ask() -> Outcome:
        async with asyncio.timeout(0.01):
            return await group_commit.submit(command("late"))

    asking = asyncio.create_task(ask())
    await asyncio.sleep(0.05)  # its time is over, which is the matter here
    assert not asking.done()
    decides.may.set()
    assert await asyncio.wait_for(asking, 5) == Accepted(answer={"command": "late"})


async def test_an_outcome_that_is_there_when_its_asker_gives_up_is_given() -> None:
    waiting = Waiting(command("answered"))
    waiting.begun = True
    asking = asyncio.create_task(waiting.outcome())
    await asyncio.sleep(0)
    waiting.answer.set_result(Accepted(answer={}))
    asking.cancel()
    assert await asyncio.wait_for(asking, 5) == Accepted(answer={})
