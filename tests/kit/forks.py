"""Starts the processes of services for tests by `fork_server`: a tenth of the seconds that their imports take.

They are processes as any other, of the same code: killed, stopped and watched by their pids. What a test claims of the
start itself (a deployment's command, its own dependencies alone) it shows without this.
"""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jobplus.stack.spawning import Detached, Launcher

_ROOT = Path(__file__).parents[2]
_POLL_SECONDS = 0.02


class Forks:
    """A launcher that forks Python modules, and starts all else as a stack does by itself."""

    def __init__(self) -> None:
        self._others: Launcher = Detached()
        self._one_at_a_time = threading.Lock()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "tests.kit.fork_server", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                cwd=_ROOT,
                env={name: value for name, value in os.environ.items() if not name.startswith("JOBPLUS_")},
                start_new_session=True,
            )

    def start(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
        if tuple(command[:2]) != (sys.executable, "-m"):
            return self._others.start(command, environment, log)
        asked = {"start": list(command[2:]), "environment": dict(environment), "log": str(log)}
        return self._ask(asked)["pid"]

    def run(self, command: Sequence[str], environment: Mapping[str, str], log: Path, seconds: float) -> int | None:
        if tuple(command[:2]) != (sys.executable, "-m"):
            return self._others.run(command, environment, log, seconds)
        return self.wait(self.start(command, environment, log), seconds)

    def wait(self, pid: int, seconds: float) -> int | None:
        """Wait for a process that was forked; gives its exit code (-9 when it was killed), None while it runs."""
        ends = time.monotonic() + seconds
        while (code := self._ask({"ended": pid})["code"]) is None and time.monotonic() < ends:
            time.sleep(_POLL_SECONDS)
        return code

    def close(self) -> None:
        """End the server; what it has started lives on."""
        self._control.close()
        self._server.wait(30)

    def _ask(self, asked: dict[str, Any]) -> Any:
        with self._one_at_a_time:
            self._control.send(json.dumps(asked).encode())
            answer = self._control.recv(65_536)
        if not answer:
            raise OSError(f"the fork server ended with {self._server.wait(30)}")
        return json.loads(answer)
