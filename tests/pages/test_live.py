"""Live totals: many readers, one query a second, and nobody who is slow, gone or revoked holds anything up."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest

from chassis.http.revocations import Revoked
from jobplus.stack.local import Stack
from services.reporting.signin.readers import Refused
from services.reporting.staff import live
from tests.kit.client import StackClient
from tests.kit.waiting import until
from tests.pages.signing import Browser, text_of

READERS = 200
MOVE = """INSERT INTO daily (measure, occurred_on, recorded_on, dimensions, amount)
          VALUES ('launches', '2009-02-01', '2009-02-01', '{}', $1)"""


@pytest.fixture
def browser(stack: Stack) -> Iterator[Browser]:
    with Browser(stack) as opened:
        opened.sign_in("counsellor")
        yield opened


class Stream:
    """A connection to which totals are sent."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    async def next(self) -> dict[str, str]:
        """Give the totals that are sent next."""
        while True:
            line = await self._reader.readline()
            if not line:
                raise EOFError
            if line.startswith(b"data: "):
                return json.loads(line.removeprefix(b"data: "))["totals"]

    async def end(self) -> None:
        """Wait until it is ended from there: by its last chunk, or with the connection."""
        while await self._reader.readline() not in (b"0\r\n", b""):
            pass


@asynccontextmanager
async def opened(stack: Stack, role: str = "counsellor", *, language: str = "en") -> AsyncIterator[Stream]:
    address = urlsplit(stack.url("reporting"))
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    token = stack.token(role)  # pyright: ignore[reportArgumentType]
    writer.write(f"GET /{language}/live/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    try:
        assert b" 200 " in await reader.readline()
        yield Stream(reader, writer)
    finally:
        writer.close()


def test_the_page_is_complete_without_a_script(browser: Browser) -> None:
    page = browser.get("/ko/live")
    assert page.status_code == 200
    assert "실시간 누계" in text_of(page.text)
    for named in ("구직등록자", "취업자", "창업"):
        assert named in text_of(page.text)
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'; connect-src 'self'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in browser.get("/ko/staff/").headers["Content-Security-Policy"]
    assert browser.get("/assets/live.js").status_code == 200


@pytest.mark.parametrize("path", ["/ko/live", "/ko/live/stream"])
def test_only_staff_sees_totals_that_move(stack: Stack, path: str) -> None:
    with Browser(stack) as stranger:
        assert stranger.get(path).status_code == 401
        for role in ("partner", "employer"):
            stranger.sign_in(role)
            refused = stranger.get(path)
            assert refused.status_code == 403
            assert refused.headers["Content-Type"].startswith("text/html")


async def test_many_readers_see_within_two_seconds_what_moves_and_cost_one_query(
    stack: Stack, calling: StackClient
) -> None:
    async with asyncio.timeout(60):
        streams = [opened(stack) for _ in range(READERS)]
        readers = [await one.__aenter__() for one in streams]
        try:
            before = await asyncio.gather(*(one.next() for one in readers))
            assert len({json.dumps(one) for one in before}) == 1
            calls = calling.query("reporting", _TRANSACTIONS)[0]["n"]
            began = time.monotonic()
            await asyncio.to_thread(calling.query, "reporting", MOVE, 3)
            after = await asyncio.gather(*(one.next() for one in readers))
            took = time.monotonic() - began
            await asyncio.sleep(3)
            asked = calling.query("reporting", _TRANSACTIONS)[0]["n"] - calls
        finally:
            calling.query("reporting", "DELETE FROM daily WHERE measure = 'launches' AND recorded_on = '2009-02-01'")
            for one in streams:
                await one.__aexit__(None, None, None)
    assert {int(one["launches"]) for one in after} == {int(before[0]["launches"]) + 3}
    assert took < 4, "two seconds, on a machine with other work"
    assert asked < READERS, "one look a second for all, with what the processes do by themselves"


_TRANSACTIONS = "SELECT xact_commit AS n FROM pg_stat_database WHERE datname = current_database()"


async def test_who_is_revoked_is_sent_nothing_more(stack: Stack, calling: StackClient) -> None:
    async with opened(stack, "analyst") as stream, asyncio.timeout(30):
        await stream.next()
        calling.query(
            "reporting",
            """INSERT INTO revocation (subject, reason, revoked_at, actor_role, actor_id)
               VALUES ('local-analyst', 'left', now(), 'manager', 'm')""",
        )
        try:
            await stream.end()
        finally:
            calling.query("reporting", "DELETE FROM revocation WHERE subject = 'local-analyst'")
    with Browser(stack) as analyst:
        until(lambda: analyst.sign_in("analyst").status_code, "they may come back", lambda status: status == 200)


async def test_who_takes_nothing_is_let_go_and_a_reader_too_many_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "SLOW_SECONDS", 0.2)
    monkeypatch.setattr(live, "EVERY_SECONDS", 0.05)
    told = iter(range(1_000))

    class Moving(live.Live):
        async def totals(self, pool: Any, clock: Any) -> tuple[dict[str, float | None], datetime]:
            return {"launches": next(told)}, datetime.now(UTC)

    moving = Moving(1)
    app = SimpleNamespace(state=SimpleNamespace(pool=None, clock=None, revoked=Revoked(), live=moving))
    asked: Any = SimpleNamespace(
        request=SimpleNamespace(app=app), language="en", reader=SimpleNamespace(actor=SimpleNamespace(id="one"))
    )
    sent: list[Any] = []

    async def stalls(message: Any) -> None:
        sent.append(message)
        if b"data" in message["body"]:
            await asyncio.Event().wait()

    async def stays() -> Any:
        await asyncio.Event().wait()

    serving = asyncio.create_task(moving.serve(asked, stays, stalls))
    await asyncio.sleep(0.01)
    with pytest.raises(Refused, match="full"):
        await live.stream(asked)
    async with asyncio.timeout(10):
        await serving
    assert [b"data" in message["body"] for message in sent] == [False, True], "nothing after what it did not take"
    assert not moving.is_full


async def test_whoever_reads_does_not_hold_up_the_end_of_the_process(stack: Stack) -> None:
    async with opened(stack) as stream, asyncio.timeout(60):
        await stream.next()
        pid = stack.pid("reporting-api")
        assert pid is not None
        began = time.monotonic()
        stack.kill("reporting-api", signal.SIGTERM)
        try:
            await stream.end()
            await asyncio.to_thread(
                until, lambda: stack.pid("reporting-api"), "it has ended", lambda running: running is None
            )
            assert time.monotonic() - began < 8
        finally:
            await asyncio.to_thread(stack.start, "reporting-api")
