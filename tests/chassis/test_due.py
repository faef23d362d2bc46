"""Due work is looked for when something was committed or the day has moved, and what gathers is done together."""

import asyncio
import time
from collections.abc import Sequence
from datetime import date

import pytest

from chassis.batch.due import Gathered
from chassis.database.db import Connection, Pool
from jobplus.stack.local import Stack
from tests.chassis.counting import Raise, asked
from tests.chassis.serving import counting_service, leading, post, until

A_DAY = date(2100, 1, 1)


class Looks:
    """Finds what is put into `due`, and notes the days on which it was looked."""

    def __init__(self) -> None:
        self.days: list[date] = []
        self.due: list[Raise] = []
        self.found: list[list[Raise]] = []

    async def find(self, conn: Connection, day: date, limit: int) -> Sequence[Raise]:
        self.days.append(day)
        found, self.due = self.due, []
        if found:
            self.found.append(found)
        return found


async def test_moving_the_clock_wakes_due_work(stack: Stack, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = Looks()
    service = await counting_service(stack, pool, {"counting": looks.find})
    async with leading(service, monkeypatch):
        await asyncio.sleep(0.3)
        assert await post(service, "/clock", {"day": str(A_DAY)}, stack.token("operator")) == 200
        await until(lambda: looks.days[-1] == A_DAY)


async def test_a_commit_wakes_due_work_and_what_that_publishes_is_sent_at_once(
    stack: Stack, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = Looks()
    service = await counting_service(stack, pool, {"counting": looks.find})
    async with leading(service, monkeypatch) as sink:
        await asyncio.sleep(0.3)
        looks.due = [Raise("due")]
        await service.handler.run([asked(Raise("a"))])
        await until(lambda: sink.keys == ["a", "due"])


async def test_due_work_that_nothing_wakes_is_looked_for_after_a_while(
    stack: Stack, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = Looks()
    service = await counting_service(stack, pool, {"counting": looks.find}, due_poll_seconds=0.3)
    async with leading(service, monkeypatch):
        await pool.execute("INSERT INTO simulated_clock VALUES (true, $1, now())", A_DAY)
        await until(lambda: looks.days[-1] == A_DAY)


async def test_however_often_due_work_is_woken_it_rests(
    stack: Stack, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = Looks()
    service = await counting_service(stack, pool, {"counting": looks.find}, due_rest_seconds=0.5)
    async with leading(service, monkeypatch):
        started = time.monotonic()
        for _ in range(50):
            await service.handler.run([asked(Raise("a"))])
            await asyncio.sleep(0.02)
        assert 2 <= len(looks.days) <= 2 + (time.monotonic() - started) / 0.5


async def test_what_comes_while_due_work_gathers_is_done_together_when_that_is_over_though_nothing_wakes_it(
    stack: Stack, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = Looks()
    gathered = Gathered(looks.find, 1.5)
    service = await counting_service(stack, pool, {"counting": gathered}, due_rest_seconds=0.01)
    async with leading(service, monkeypatch):
        looks.due = [Raise("first")]
        await service.handler.run([asked(Raise("a"))])
        await until(lambda: looks.found == [[Raise("first")]])
        for name in ("second", "third"):
            looks.due.append(Raise(name))
            await service.handler.run([asked(Raise("a"))])
            await asyncio.sleep(0.2)
        assert len(looks.found) == 1
        await until(lambda: looks.found == [[Raise("first")], [Raise("second"), Raise("third")]], 5)


async def test_a_new_day_is_looked_at_while_what_came_before_gathers(
    stack: Stack, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = Looks()
    service = await counting_service(stack, pool, {"counting": Gathered(looks.find, 3600)})
    async with leading(service, monkeypatch):
        looks.due = [Raise("first")]
        await service.handler.run([asked(Raise("a"))])
        await until(lambda: looks.found == [[Raise("first")]])
        looks.due = [Raise("second")]
        assert await post(service, "/clock", {"day": str(A_DAY)}, stack.token("operator")) == 200
        await until(lambda: looks.found == [[Raise("first")], [Raise("second")]])
        await until(lambda: _done(pool, A_DAY))


async def _done(pool: Pool, day: date) -> bool:
    return await pool.fetchval("SELECT day FROM due_through WHERE work = 'counting'") == day
