"""How many events wait in the outbox is told by their numbers, and counted before it is called full."""

import pytest
from structlog.testing import capture_logs

from chassis.batch.command_batch import CommandHandler
from chassis.database.db import Pool
from chassis.stream.backlog import Backlog
from jobplus.stack.local import Stack
from tests.chassis.counting import Raise, asked
from tests.chassis.serving import counting_service, leading, until
from tests.chassis.test_due import Looks


async def waiting(handler: CommandHandler, events: int) -> None:
    await handler.run([asked(Raise("a")) for _ in range(events)])


async def look(backlog: Backlog, pool: Pool) -> tuple[int, bool]:
    async with pool.acquire() as conn:
        return await backlog.look(conn), backlog.is_full


async def test_the_outbox_is_full_at_its_limit_and_no_more_once_events_have_left(
    handler: CommandHandler, pool: Pool
) -> None:
    backlog = Backlog(10)
    assert await look(backlog, pool) == (0, False)
    await waiting(handler, 9)
    assert await look(backlog, pool) == (9, False)
    await waiting(handler, 1)
    assert await look(backlog, pool) == (10, True)
    await pool.execute("DELETE FROM outbox WHERE id <= 5")
    assert await look(backlog, pool) == (5, False)


async def test_numbers_that_were_given_in_vain_or_long_ago_make_no_full_outbox(
    handler: CommandHandler, pool: Pool
) -> None:
    await waiting(handler, 30)
    await pool.execute("DELETE FROM outbox WHERE id BETWEEN 2 AND 28")
    backlog = Backlog(10)
    assert await look(backlog, pool) == (3, False)


async def test_from_half_the_limit_on_it_is_said_in_the_log_once(handler: CommandHandler, pool: Pool) -> None:
    backlog = Backlog(10)
    with capture_logs() as said:
        await waiting(handler, 4)
        await look(backlog, pool)
        assert said == []
        await waiting(handler, 2)
        for _ in range(3):
            await look(backlog, pool)
    assert said == [
        {"event": "outbox_fills", "waiting": 6, "limit": 10, "oldest_seconds": pytest.approx(0, abs=30),
         "log_level": "error"}
    ]  # fmt: skip


async def test_due_work_rests_while_the_outbox_is_full(
    stack: Stack, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = Looks()
    service = await counting_service(stack, pool, {"counting": looks.find}, due_poll_seconds=0.05)
    service.backlog.is_full = True
    async with leading(service, monkeypatch) as sink:
        await service.handler.run([asked(Raise("a"))])
        await until(lambda: sink.keys == ["a"])
        assert looks.days == []
        service.backlog.is_full = False
        await until(lambda: bool(looks.days))
