"""Runs the sandbox: starts the stack, hands a partner what it needs, and has days go by until it is told to end."""

import asyncio
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from contracts.notices import NoticeTopic
from jobplus.client import Refusal, Unanswered
from jobplus.sandbox import walls
from jobplus.sandbox.centre import CODE, PARTNER, Centre
from jobplus.stack.errors import StackFailed
from jobplus.stack.home import write_private
from jobplus.stack.keys import AN_HOUR_SECONDS
from jobplus.stack.local import Stack
from jobplus.stack.processes import Launcher
from jobplus.stack.spawning import Detached

ENDING = (signal.SIGINT, signal.SIGTERM)
FOLDER = "sandbox"
"""Below the stack's home."""
CREDENTIALS = "welfare.credentials"
WRITES = ("trainings",)
OWN = tuple(NoticeTopic(PARTNER, kind).name for kind in WRITES)
TOPICS = ("jobplus.seekers", "jobplus.counselling", "jobplus.cases", "jobplus.followups")


def stack_of(home: Path, launcher: Launcher | None = None, base_port: int | None = None, **given: Any) -> Stack:
    """Give the stack that a sandbox in a home runs on, whose processes a launcher starts."""
    walled = walls.Walled(launcher or Detached(), home.absolute() / FOLDER)
    settings = {"FEED_NOTICE_TOPICS": ",".join(OWN), "WEBHOOK_HTTP": "true", "WEBHOOK_NETWORKS": "127.0.0.1/32"}
    return Stack(home, base_port, brief=True, feed=True, launcher=walled, settings=settings, **given)


def run(stack: Stack, minutes: float, persons: int, say: Callable[[str], None]) -> None:
    """Keep a sandbox until SIGINT or SIGTERM, then stop its stack, whose state stays (raises StackFailed). A day takes
    so many minutes, and that many persons come in it."""
    for number in ENDING:
        signal.signal(number, signal.default_int_handler)  # also while the stack starts
    try:
        folder = stack.home.path / FOLDER
        stack.up(services=False)
        stack.make_topics()
        walls.let_in(stack, folder, PARTNER, TOPICS, WRITES, folder / CREDENTIALS)
        stack.up()
        asyncio.run(_live(stack, minutes, persons, say))
    except KeyboardInterrupt:
        pass
    except (Refusal, Unanswered, OSError) as error:
        raise StackFailed(f"the centre can't go on: {error}; the logs are in {stack.home.logs}") from error
    finally:
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)  # who is told twice to end leaves nothing half stopped either
        say("stopping; what is there stays for the next time")
        stack.down()


async def _live(stack: Stack, minutes: float, persons: int, say: Callable[[str], None]) -> None:
    ending = asyncio.Event()
    for number in ENDING:
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    folder = stack.home.path / FOLDER
    token = _Token(stack, folder / "feed.token")

    async def pause() -> bool:
        token.renew()
        try:
            await asyncio.wait_for(ending.wait(), 60 * minutes / (persons + 1))
        except TimeoutError:
            return True
        return False

    token.renew()
    centre = Centre(stack, folder / "centre.json", pause)
    try:
        day: object = await centre.open()
        say(f"Kafka       {folder / CREDENTIALS}: topics {', '.join(TOPICS)}")
        say(f"to tell it  {', '.join(OWN)}, by the same file")
        say(f"the feed    {stack.url('feed')}, token in {token.file}, renewed by itself")
        say(f"            its addresses at {stack.url('feed')}/docs; webhooks may lead to http://127.0.0.1")
        say(f"a client    brings the one-time code in {folder / CODE} when the second has come, and a newer one later")
        say(f"the centre  {stack.url('intake')}; jobplus token gives its tokens")
        while day is not None:
            say(f"the day is {day}")
            day = await centre.go_through(persons)
    finally:
        await centre.close()


class _Token:
    """Keeps a partner's token that is valid in a file."""

    def __init__(self, stack: Stack, file: Path) -> None:
        self.file = file
        self._stack = stack
        self._until = 0.0

    def renew(self) -> None:
        """Write another where half of its life is over."""
        if time.monotonic() > self._until:
            self._until = time.monotonic() + AN_HOUR_SECONDS / 2
            write_private(self.file, self._stack.token("partner", subject=PARTNER).encode())
