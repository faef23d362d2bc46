"""A subscriber of a partner's: a program of its own, which is killed, started again, and ended."""

import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.examples.centre import Centre
from tests.kit.records import Record
from tests.kit.threads import begin
from tests.kit.waiting import until

KILLS = 3
PIECES = 30
"""In so many pieces is published what it is killed in the middle of."""
SOON = 0.01
"""Seconds between two looks, for a kill to come in the middle of what is done."""


class Subscriber:
    """A program that is given nothing of this machine but its own arguments; `read` tells how many records it has
    kept."""

    def __init__(self, command: Sequence[str | Path], folder: Path, read: Callable[[], int]) -> None:
        self._command = command
        self._folder = folder
        self._read = read
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, whether for the first time or after a kill; it reads as soon as it says so."""
        begun = self.said().count("reading\n")
        self.launch()
        until(lambda: self._alive() and self.said().count("reading\n"), "it reads", lambda said: said > begun)

    def launch(self) -> None:
        """Start it, and don't wait for it to say that it reads."""
        with (self._folder / "log").open("ab") as log:
            environment = {"PATH": os.environ["PATH"]}
            self._process = subprocess.Popen(
                self._command, cwd=self._folder, env=environment, stdout=log, stderr=subprocess.STDOUT
            )

    def kill_when_it_has_read_more(self) -> int:
        """Kill it as soon as it has kept anything that it hadn't; gives how many records it has kept then."""
        before = self._read()
        self.until(lambda read: read > before)
        self._running().kill()
        self._running().wait()
        return self._read()

    def until(self, holds: Callable[[int], bool]) -> None:
        """Wait until it has kept so many records."""
        until(lambda: self._alive() and self._read(), "the subscriber has read it", holds, longest=SOON)

    def end(self) -> int:
        """Ask it to end, if it runs; gives its exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(30)

    def code(self, seconds: float) -> int:
        """Wait until it ends by itself; gives its exit code."""
        return self._running().wait(seconds)

    def said(self) -> str:
        """Give what it has said so far."""
        log = self._folder / "log"
        return log.read_text() if log.exists() else ""

    def _alive(self) -> bool:
        code = self._running().poll()
        assert code is None, f"it has ended with {code}: {self.said()}"
        return True

    def _running(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None
        return self._process


def batched(records: Sequence[Record], size: int) -> list[Sequence[Record]]:
    """Give the records in pieces, in their order."""
    return [records[start : start + size] for start in range(0, len(records), size)]


def read_with_kills(subscriber: Subscriber, centre: Centre, records: Sequence[Record]) -> None:
    """Have it read what is published, and kill it in the middle of that; then let it read the rest, and end it."""
    part = len(records) // (KILLS + 1)
    killed: list[int] = []
    try:
        for number in range(KILLS):
            subscriber.start()
            pieces = batched(records[number * part : (number + 1) * part], part // PIECES)
            publishing = begin(lambda pieces=pieces: centre.publish(*pieces))
            killed.append(subscriber.kill_when_it_has_read_more())
            publishing.result()
        centre.publish(records[KILLS * part :])
        subscriber.start()
        subscriber.until(lambda read: read >= len(records))
        assert subscriber.end() == 0, subscriber.said()
    finally:
        subscriber.end()
    assert any(read < (number + 1) * part for number, read in enumerate(killed)), "no kill came in the middle"
