"""A commit wakes the relay at once, whatever becomes of notifications; and they delay and fail nobody."""

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import AsyncExitStack

import asyncpg
import pytest

from chassis.batch.command_batch import CommandHandler
from chassis.batch.decisions import Accepted, Refused
from chassis.database import wake
from chassis.database.db import Pool
from chassis.database.wake import Alarm, Notifier
from jobplus.stack.local import Stack
from tests.chassis.counting import Raise, asked
from tests.chassis.listening import Listening
from tests.chassis.serving import connections, counting_service, leading, until

NOTIFIER, LEADER = "jobplus counting notifier", "jobplus counting leader"


async def test_an_event_is_sent_at_once_though_the_relay_would_look_in_half_a_minute(
    stack: Stack, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = await counting_service(stack, pool)
    async with leading(service, monkeypatch) as sink:
        for number in range(1, 4):
            await asyncio.sleep(0.2)  # the relay has looked after the event before
            await service.handler.run([asked(Raise("a"))])
            await until(lambda number=number: sink.keys == ["a"] * number)


async def test_a_notification_that_is_lost_is_made_good_by_the_relays_own_look(
    stack: Stack, pool: Pool, handler: CommandHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = await counting_service(stack, pool, relay_poll_seconds=0.3)
    async with leading(service, monkeypatch) as sink:
        await handler.run([asked(Raise("a"))])  # this handler notifies nobody
        await until(lambda: sink.keys == ["a"])


async def test_a_leader_that_lost_its_connection_leads_and_listens_again(
    stack: Stack, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = await counting_service(stack, pool)
    async with leading(service, monkeypatch) as sink:
        (lost,) = await connections(pool, LEADER)
        assert await pool.fetchval("SELECT pg_terminate_backend($1)", lost)
        await service.handler.run([asked(Raise("a"))])
        await until(lambda: sink.keys == ["a"])  # by its first look, if not before
        await asyncio.sleep(0.2)
        await service.handler.run([asked(Raise("a"))])
        await until(lambda: sink.keys == ["a", "a"])
        (anew,) = await connections(pool, LEADER)
        assert anew != lost


async def test_who_stands_by_leads_and_listens_once_the_leader_has_ended(
    stack: Stack, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await counting_service(stack, pool), await counting_service(stack, pool)
    async with AsyncExitStack() as ending:
        async with leading(first, monkeypatch):
            sink = await ending.enter_async_context(leading(second, monkeypatch))
            assert len(await connections(pool, LEADER)) == 2
        for number in range(1, 3):
            await second.handler.run([asked(Raise("a"))])  # the first is sent by its first look, if not before
            await until(lambda number=number: sink.keys == ["a"] * number)
            await asyncio.sleep(0.2)


async def test_it_is_told_on_a_connection_of_its_own_and_only_once_the_change_can_be_read(
    stack: Stack, pool: Pool
) -> None:
    await pool.execute(
        """CREATE FUNCTION rest() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END';
           CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON outbox DEFERRABLE INITIALLY DEFERRED
           FOR EACH ROW EXECUTE FUNCTION rest()"""
    )
    service = await counting_service(stack, pool)
    async with Listening(stack, pool) as listening:
        await service.handler.run([asked(Raise("a"))])
        await until(lambda: bool(listening.heard))
        assert listening.heard == [(pid, 1) for pid in await connections(pool, NOTIFIER)]
    await service.notifier.close()
    assert await connections(pool, NOTIFIER) == []


async def test_only_a_change_is_told(pool: Pool, handler: CommandHandler) -> None:
    told: list[None] = []
    telling = CommandHandler(
        handler._stores, handler._deciders, handler._clock, pool, committed=lambda: told.append(None)
    )
    assert isinstance((await telling.run([asked(Raise("a", most=0))]))[0], Refused)
    assert isinstance((await telling.try_out([asked(Raise("a"))]))[0], Accepted)
    assert told == []
    assert isinstance((await telling.run([asked(Raise("a"), "key"), asked(Raise("a", most=0))]))[0], Accepted)
    assert len(told) == 1
    assert isinstance((await telling.run([asked(Raise("a"), "key")]))[0], Accepted)
    assert len(told) == 1


async def test_commits_that_follow_each_other_are_told_together_and_the_last_is_never_left_out(
    stack: Stack, pool: Pool
) -> None:
    service = await counting_service(stack, pool)
    async with Listening(stack, pool) as listening:
        for number in range(1, 4):
            outcomes = [service.handler.run([asked(Raise(f"{number}-{one}"))]) for one in range(100)]
            await asyncio.gather(*outcomes)
            await until(lambda number=number: listening.heard[-1:] != [] and listening.heard[-1][1] == 100 * number)
        assert len(listening.heard) < 100
    await service.notifier.close()


async def _answered(handler: CommandHandler, names: Sequence[str]) -> None:
    """Have commands handled one after the other, all in less than one notification may take."""
    async with asyncio.timeout(wake.NOTIFY_SECONDS - 1):
        for name in names:
            (outcome,) = await handler.run([asked(Raise(name))])
            assert isinstance(outcome, Accepted)


@pytest.mark.parametrize("meanwhile", ["bcdef", "b"], ids=["others commit after it", "nothing commits after it"])
async def test_a_notification_that_hangs_delays_nobody_and_what_it_was_to_tell_is_told_on_a_new_connection(
    stack: Stack, pool: Pool, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    monkeypatch.setattr(wake, "RETRY_SECONDS", 0.1)
    service = await counting_service(stack, pool)
    async with Listening(stack, pool) as listening:
        await _answered(service.handler, "a")
        await until(lambda: bool(listening.heard))
        (hangs,) = await connections(pool, NOTIFIER)
        os.kill(hangs, signal.SIGSTOP)
        try:
            await _answered(service.handler, meanwhile)
            await until(lambda: len(listening.heard) > 1)
            assert listening.heard[1][0] != hangs
            assert listening.heard[1][1] == 1 + len(meanwhile)
        finally:
            os.kill(hangs, signal.SIGCONT)
    await service.notifier.close()


async def test_a_notifier_that_lost_its_connection_makes_another(stack: Stack, pool: Pool) -> None:
    service = await counting_service(stack, pool)
    async with Listening(stack, pool) as listening:
        await _answered(service.handler, "a")
        await until(lambda: bool(listening.heard))
        (lost,) = await connections(pool, NOTIFIER)
        assert await pool.fetchval("SELECT pg_terminate_backend($1)", lost)
        await asyncio.sleep(0.2)
        await _answered(service.handler, "b")
        await until(lambda: len(listening.heard) == 2)
    await service.notifier.close()


@pytest.mark.parametrize("how", ["refused", "never answered"])
async def test_a_notifier_that_reaches_nobody_fails_and_delays_nobody(
    pool: Pool, handler: CommandHandler, how: str
) -> None:
    async def connect() -> asyncpg.Connection:
        if how == "refused":
            raise ConnectionRefusedError
        return await asyncio.Event().wait()  # type: ignore[return-value]

    notifier = Notifier(connect)
    telling = CommandHandler(handler._stores, handler._deciders, handler._clock, pool, committed=notifier.committed)
    await _answered(telling, "abcde")
    assert await pool.fetchval("SELECT count(*) FROM outbox") == 5
    await asyncio.wait_for(notifier.close(), 3)


async def test_what_rings_while_a_loop_works_is_not_missed() -> None:
    alarm, never = Alarm(), asyncio.Event()
    alarm.reset()
    alarm.ring()
    await asyncio.wait_for(alarm.wait(never, 0.01, 3600), 2)
    alarm.reset()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(alarm.wait(never, 0.01, 3600), 0.2)


async def test_a_loop_rests_though_it_is_woken_and_not_once_it_is_to_stop() -> None:
    alarm, stopping = Alarm(), asyncio.Event()
    alarm.ring()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(alarm.wait(stopping, 3600, 3600), 0.2)
    stopping.set()
    await asyncio.wait_for(alarm.wait(stopping, 3600, 3600), 2)
