"""Where tests get a real Kafka, PostgreSQL and services from: each stack in a folder and on ports of its own.

Whoever uses the fixture `stacks`, or one that is made of it, is no test of `make check`.
"""

import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any

import pytest

from jobplus.stack.home import Home
from jobplus.stack.local import Stack
from jobplus.stack.ports import free_base_port
from jobplus.stack.postgres import SUPERUSER
from jobplus.stack.running import Processes
from tests.kit.forks import Forks

_END_SECONDS = 30

SOON = {"LOOK_SECONDS": "0.2", "KAFKA_FETCH_WAIT_SECONDS": "0.1"}
"""Settings of a stack of few processes, whose tests often wait until all has settled."""
MISSED_SOON = {"KAFKA_SESSION_SECONDS": "3", "KAFKA_HEARTBEAT_SECONDS": "0.5"}
"""Settings of a stack whose workers are killed: Kafka gives their partitions to others after 3 s instead of 12."""


class AsAsked(Stack):
    """A stack of whose services each is started when it, or its database, is first asked for."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self._asked: set[str] = set()
        self._asking = RLock()

    def url(self, service: str, role: str = "api") -> str:
        self._start(service)
        return super().url(service, role)

    def database_url(self, role: str = SUPERUSER) -> str:
        self._start(role)
        return super().database_url(role)

    def environment(self, service: str, role: str = "api") -> dict[str, str]:
        self._start(service)
        return super().environment(service, role)

    def _start(self, service: str) -> None:
        with self._asking:
            if service in self.services and service not in self._asked:
                self._asked.add(service)
                self.up(only=[service])


class Stacks:
    """Makes the stacks of one process of tests."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders

    @cached_property
    def forks(self) -> Forks:
        """Starts the processes of services by a fork."""
        return Forks()

    def new(self, name: str, kind: type[Stack] = Stack, **options: Any) -> Stack:
        """Make a stack that isn't started yet; whoever starts it takes it down."""
        given = {"environment": "test", "brief": True, "launcher": self.forks, **options}
        return kind(given.pop("home", None) or self._folders.mktemp(name) / "home", free_base_port(), **given)

    @contextmanager
    def as_asked(self, name: str) -> Generator[Stack]:
        """Start Kafka and PostgreSQL, and each service when it is first asked; leave nothing of them afterwards."""
        stack = self.new(name, AsAsked)
        try:
            stack.up(services=False)
            yield stack
        finally:
            stack.down(wipe=True)

    @contextmanager
    def running(self, name: str, only: Sequence[str] = (), *, kafka: bool = True, **options: Any) -> Generator[Stack]:
        """Start Kafka, PostgreSQL and the services (all if none are named), and leave nothing of them afterwards; with
        `kafka=False` PostgreSQL alone.

        `durable=False` is for rules, stores and figures alone: what a test kills, or whose outage it tells of, must
        write through to the disk as in life.
        """
        stack = self.new(name, **options)
        try:
            stack.up(only=list(only) or None, kafka=kafka)
            yield stack
        finally:
            stack.down(wipe=True)

    def close(self) -> None:
        """End what starts the processes."""
        if "forks" in self.__dict__:
            self.forks.close()


def end_stacks_below(folder: Path) -> None:
    """End the processes of all stacks whose homes are in a folder, while they may still write and delete there."""
    found = (Path(path) for path, _, files in os.walk(folder) if path.endswith("/processes") and files)
    for home in {Home(records.parent) for records in found}:
        processes = Processes(home)
        processes.end(processes.names(), seconds=_END_SECONDS)
