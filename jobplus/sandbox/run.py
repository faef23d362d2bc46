"""Runs the sandbox: starts the stack, hands a partner what it needs, and has days go by until it is told to end."""

import asyncio
import json
import signal
import time
from collections.abc import Callable
from pathlib import Path

from jobplus.client import Refusal, Unanswered
from jobplus.sandbox.centre import PARTNER, Centre
from jobplus.stack.errors import StackFailed
from jobplus.stack.home import write_private
from jobplus.stack.keys import AN_HOUR_SECONDS
from jobplus.stack.local import Stack

ENDING = (signal.SIGINT, signal.SIGTERM)
FOLDER = "sandbox"
"""Below the stack's home."""
TOPICS = ("jobplus.seekers", "jobplus.counselling", "jobplus.cases", "jobplus.followups")


def run(stack: Stack, minutes: float, persons: int, say: Callable[[str], None]) -> None:
    """Keep a sandbox until SIGINT or SIGTERM, then stop its stack, whose state stays (raises StackFailed). A day takes
    so many minutes, and that many persons come in it."""
    for number in ENDING:
        signal.signal(number, signal.default_int_handler)  # also while the stack starts
    try:
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
    folder.mkdir(mode=0o700, exist_ok=True)
    token = _Token(stack, folder / "feed.token")

    async def pause() -> bool:
        token.renew()
        try:
            await asyncio.wait_for(ending.wait(), 60 * minutes / (persons + 1))
        except TimeoutError:
            return True
        return False

    token.renew()
    write_private(folder / "welfare.credentials", _credentials(stack))
    centre = Centre(stack, folder / "centre.json", pause)
    try:
        day: object = await centre.open()
        say(f"Kafka       {folder / 'welfare.credentials'}: topics {', '.join(TOPICS)}")
        say(f"the feed    {stack.url('feed')}, token in {token.file}, renewed by itself")
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


def _credentials(stack: Stack) -> bytes:
    """Write what `jobplus partner` hands over, for a Kafka that asks for no password."""
    told = {
        "bootstrap_servers": stack.kafka_servers,
        "security_protocol": "PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "username": f"partner-{PARTNER}",
        "password": "none-is-asked-here",
        "group_id_prefix": f"partner-{PARTNER}.",
        "topics": TOPICS,
        "until": None,
        "ca_pem": None,
    }
    return json.dumps(told, indent=1).encode()
