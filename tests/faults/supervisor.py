"""Starts again what ended, as a deployment's `restart: unless-stopped` does: nobody's hand."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from jobplus.stack.errors import StackFailed
from jobplus.stack.local import Stack
from jobplus.stack.ports import ROLES, health_port, service_port
from jobplus.stack.processes import KAFKA, POSTGRES, StackProcess, service_command
from jobplus.stack.running import Processes
from jobplus.stack.spawning import Launcher

LOOK_SECONDS = 0.3


class Supervisor:
    """Looks after every process of a stack, but for those that are held."""

    def __init__(self, stack: Stack, launcher: Launcher) -> None:
        self._stack = stack
        self._processes = Processes(stack.home, launcher)
        self._held: set[str] = set()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._look_after, name="supervisor", daemon=True)
        self._thread.start()

    @contextmanager
    def held(self, *names: str) -> Iterator[None]:
        """Let these processes be as they are meanwhile; which have ended by then are started at once."""
        self._held.update(names)
        try:
            yield
        finally:
            self._held.difference_update(names)

    def close(self) -> None:
        self._ending.set()
        self._thread.join(200)

    def _look_after(self) -> None:
        services = [(service, role) for service in self._stack.services for role in ROLES]
        while not self._ending.wait(LOOK_SECONDS):
            with suppress(StackFailed, OSError):
                for name in (KAFKA, POSTGRES):
                    if self._is_gone(name):
                        self._stack.start(name)
                for service, role in services:
                    if self._is_gone(f"{service}-{role}"):
                        self._processes.start(self._process(service, role))

    def _is_gone(self, name: str) -> bool:
        return name not in self._held and not self._ending.is_set() and self._stack.pid(name) is None

    def _process(self, service: str, role: str) -> StackProcess:
        port = self._stack.base_port
        return StackProcess(
            f"{service}-{role}",
            service_port(port, service, role),
            service_command(service, role),
            self._stack.environment(service, role),
            service,
            role,
            health_port(port, service, role),
        )
