"""Starts processes that outlive the one that started them, and runs those that end by themselves."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol


class Launcher(Protocol):
    """How the processes of a stack are started."""

    def start(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
        """Start `command` in a session of its own, its output appended to `log`; gives its pid (raises OSError)."""
        ...

    def run(self, command: Sequence[str], environment: Mapping[str, str], log: Path, seconds: float) -> int | None:
        """Run `command` to its end; gives its exit code, None when it took longer than `seconds` (raises OSError)."""
        ...


class Detached:
    """Starts each process from nothing, as a deployment does."""

    def start(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
        return spawn_detached(command, environment, log)

    def run(self, command: Sequence[str], environment: Mapping[str, str], log: Path, seconds: float) -> int | None:
        with log.open("ab") as output:
            try:
                return subprocess.run(
                    command,
                    env=environment,
                    check=False,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    timeout=seconds,
                ).returncode
            except subprocess.TimeoutExpired:
                return None


def spawn_detached(command: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
    """Start `command` in a session of its own, its output appended to `log`; returns its pid.

    Raises OSError when the program or the log can't be opened.
    """
    # subprocess would warn when its Popen is dropped while the process runs, which here is the purpose.
    return os.posix_spawn(
        command[0],
        list(command),
        dict(environment),
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
        setsigmask=[],
        # A shell's background job, and Python itself, ignore some signals: that would be inherited.
        setsigdef=[signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGPIPE],
    )


def last_lines(log: Path, count: int = 12) -> str:
    """The last lines of a log, indented, for an error message; empty when there is none."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 16_384))
        lines = file.read().decode(errors="replace").splitlines()[-count:]
    return "".join(f"\n    {line}" for line in lines)
