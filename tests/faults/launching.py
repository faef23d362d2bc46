"""Starts the processes of services so that faults reach into them: by `pointed`, behind their proxies."""

import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from jobplus.stack.spawning import Launcher
from tests.faults.pointed import KAFKA, SWITCH
from tests.faults.points import Switch


class Faulty:
    """A launcher that puts `pointed` before each process of a service, and leaves all others as they are.

    `more` are variables of single processes, by name (`intake-api`), for when they are started the next time.
    """

    def __init__(self, launcher: Launcher, switches: Path) -> None:
        self._launcher = launcher
        self._switches = switches
        self._behind: dict[str, dict[str, str]] = {}
        self.more: defaultdict[str, dict[str, str]] = defaultdict(dict)

    def switch(self, process: str) -> Switch:
        return Switch(self._switches, process)

    def put_behind(self, service: str, *, kafka: tuple[int, int], postgres: int) -> None:
        """Have a service reach Kafka by (its port, the proxy's) and PostgreSQL by the proxy's port."""
        port, proxy = kafka
        self._behind[service] = {KAFKA: f"{port}:{proxy}", "JOBPLUS_DATABASE_PORT": str(postgres)}

    def start(self, command: Sequence[str], environment: Mapping[str, str], log: Path, second: str = "") -> int:
        """Start a process; `second` tells it from the first of its kind."""
        if tuple(command[:2]) != (sys.executable, "-m") or not command[2].startswith("services."):
            return self._launcher.start(command, environment, log)
        service, role = command[2].removeprefix("services."), command[3]
        name = f"{service}-{role}{second}"
        given = {
            **environment,
            **self._behind.get(service, {}),
            SWITCH: f"{self._switches}:{name}",
            **self.more[name],
        }
        return self._launcher.start((*command[:2], "tests.faults.pointed", *command[2:]), given, log)

    def run(self, command: Sequence[str], environment: Mapping[str, str], log: Path, seconds: float) -> int | None:
        return self._launcher.run(command, environment, log, seconds)
