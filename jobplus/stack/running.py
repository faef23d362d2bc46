"""Starts, signals and waits for the single processes of one home."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

from jobplus.stack.errors import StackFailed
from jobplus.stack.home import Home
from jobplus.stack.ports import refuse_taken_port
from jobplus.stack.processes import StackProcess, end_signal, stop_signal
from jobplus.stack.records import ProcessRecords
from jobplus.stack.spawning import Detached, Launcher, last_lines

_POLL_SECONDS = 0.05
_KILL_SECONDS = 10


class GivenUp(Exception):
    """Another part of the start has failed, and this one waits no longer."""


class NotReady(StackFailed):
    """A process that runs, but isn't ready in its time."""


class Processes:
    """The processes that were started in a home."""

    def __init__(self, home: Home, launcher: Launcher | None = None) -> None:
        self._home = home
        self._launcher = launcher or Detached()
        self._records = ProcessRecords(home.processes)

    def names(self) -> list[str]:
        """All that have a record, running or not."""
        return self._records.names()

    def pid(self, name: str) -> int | None:
        """The process's pid while it runs."""
        return self._records.running(name)

    def start(self, process: StackProcess) -> None:
        """Start the process unless it runs; raises StackFailed when a port of its is taken."""
        if self.pid(process.name) is not None:
            return
        for port in process.ports:
            refuse_taken_port(port, process.name)
        pid = self._launcher.start(process.command, process.environment, self._log(process.name))
        self._records.write(process.name, pid)

    def send(self, name: str, number: signal.Signals) -> bool:
        """Send the signal; False when the process doesn't run."""
        pid = self.pid(name)
        if pid is None:
            return False
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return False
        return True

    def wait_ready(
        self, name: str, unready_because: Callable[[], str | None], *, seconds: float, give_up: Event
    ) -> None:
        """Wait until it is ready; raises StackFailed, with its log's end: NotReady when it runs but takes too long."""
        deadline = time.monotonic() + seconds
        while (reason := unready_because()) is not None:
            if self.pid(name) is None:
                raise StackFailed(f"{name} ended while it started; its log {self._tail(name)}")
            if time.monotonic() > deadline:
                raise NotReady(f"{name} isn't ready after {seconds:.0f} s ({reason}); its log {self._tail(name)}")
            if give_up.wait(_POLL_SECONDS):
                raise GivenUp
        # The answer may have been that of a process of somebody else who took the port.
        if self.pid(name) is None:
            raise StackFailed(f"{name} ended while it started; its log {self._tail(name)}")

    def stop(self, names: list[str], *, seconds: float, say: Callable[[str], None]) -> None:
        """Ask all to end, wait for that, and kill those that still run after `seconds`."""
        for name in names:
            if self.send(name, stop_signal(name)):
                # One that a test or a debugger has stopped would never see the other signal.
                self.send(name, signal.SIGCONT)
        for name in self._await_end(names, seconds):
            say(f"{name} didn't end within {seconds:.0f} s and was killed")
            self.send(name, signal.SIGKILL)
        self._forget_ended(names, _KILL_SECONDS)

    def end(self, names: list[str], *, seconds: float) -> None:
        """End all at once, without letting them finish anything (raises StackFailed)."""
        for name in names:
            self.send(name, end_signal(name))
        self._forget_ended(names, seconds)

    def await_end(self, name: str, seconds: float) -> None:
        """Wait until the process has ended; raises StackFailed when it hasn't after `seconds`."""
        if self._await_end([name], seconds):
            raise StackFailed(f"{name} still runs after {seconds:.0f} s")

    def _forget_ended(self, names: list[str], seconds: float) -> None:
        stubborn = self._await_end(names, seconds)
        if stubborn:
            raise StackFailed(f"{', '.join(stubborn)} can't be killed: see processes {self._pids(stubborn)}")
        for name in names:
            self._records.forget(name)

    def log_says(self, name: str, words: str) -> bool:
        """Whether the end of the process's log holds these words."""
        return words in last_lines(self._log(name))

    def _await_end(self, names: list[str], seconds: float) -> list[str]:
        deadline = time.monotonic() + seconds
        while running := [name for name in names if self.pid(name) is not None]:
            if time.monotonic() > deadline:
                break
            time.sleep(_POLL_SECONDS)
        return running

    def _pids(self, names: list[str]) -> str:
        return ", ".join(str(self.pid(name)) for name in names)

    def _log(self, name: str) -> Path:
        return self._home.logs / f"{name}.log"

    def _tail(self, name: str) -> str:
        return f"{self._log(name)} ends with{last_lines(self._log(name)) or ' nothing'}"
