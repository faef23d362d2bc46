"""What faults happen on: a whole stack behind proxies, under load, whose processes are started again as they end."""

import itertools
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any

import orjson
import psycopg

from jobplus.stack.health import unready_because
from jobplus.stack.local import Stack
from jobplus.stack.ports import ROLES, SERVICES, health_port, kafka_port, postgres_port
from jobplus.stack.processes import service_command
from jobplus.stack.spawning import Launcher
from tests.faults.history import History, Kind
from tests.faults.launching import Faulty
from tests.faults.load import Load
from tests.faults.partner import Partner
from tests.faults.points import Switch
from tests.faults.proxies import Proxies
from tests.faults.supervisor import Supervisor
from tests.kit.client import NOT_YET_KNOWN, Reply, StackClient
from tests.kit.waiting import until

LIMIT_SECONDS = 60.0
"""So long, at most, until all is well after the end of a cause."""
ARRIVING = 5
"""So many commands are to arrive while a fault lasts that others are to make up for."""
_IN_LEDGER = "SELECT count(DISTINCT correlation_id) FROM ledger WHERE correlation_id = ANY(%s)"
RATE = 40.0
"""Commands a second, or nearly: less while something is away."""
_TOXIPROXY, _PROXIED, _SECOND = 50, 51, 70
"""Ports from the stack's base port on that no process of it has."""


class NotSurvived(Exception):
    """What a fault itself saw go wrong, in a line."""


class NotInjected(Exception):
    """A fault didn't come about: nothing was tried."""


class Ground:
    """One stack and all around it. `chance` draws for the fault that is at hand."""

    def __init__(self, make: Callable[[Launcher], Stack], launcher: Launcher, folder: Path, proxy: Path | None) -> None:
        """`make` gives a stack that isn't started, with a launcher; `proxy` is toxiproxy's program, if there is one."""
        folder.mkdir(parents=True)
        self.launcher = Faulty(launcher, folder)
        self.stack = make(self.launcher)
        self.history = History()
        self.partner = Partner()
        self.calling = StackClient(self.stack)
        self.chance = random.Random(0)
        self.proxies = self._behind(proxy) if proxy else None
        self._seconds = _SECOND

    @contextmanager
    def running(self, seed: str) -> Iterator[None]:
        """Start all, and leave nothing of it."""
        try:
            self.stack.up()
            self.supervisor = Supervisor(self.stack, self.launcher)
            self.partner.grant(self.calling)
            self.load = Load(self.stack, self.history, self.partner, seed, RATE)
            try:
                yield
            finally:
                self.load.close()
                self.supervisor.close()
        finally:
            if self.proxies:
                self.proxies.close()
            self.stack.down(wipe=True)

    def ask(self, kind: Kind, path: str, form: Any, subject: str | None = None) -> Reply:
        """Ask for something beside the load, which is noted as the load's is; again while an id isn't known yet."""
        command = self.history.invoke(kind, subject)
        headers = {
            **self.calling.bearing(),
            "Content-Type": "application/json",
            "Idempotency-Key": command.key,
            "X-Correlation-Id": command.correlation_id,
        }
        try:
            reply = until(
                lambda: self.calling.send(kind.service, "POST", path, orjson.dumps(form), headers),
                f"{kind.service} has heard of every id of {path}",
                lambda reply: reply.code != NOT_YET_KNOWN and reply.status != 503,
            )
        except (OSError, HTTPException, AssertionError) as error:
            command.unknown()
            raise NotInjected(f"{kind.event}: {error}") from error
        if reply.status < 300:
            self.history.accept(command, reply.json[kind.names] if kind.names else str(subject))
        elif reply.status < 500:
            command.refused()
        else:
            command.unknown()
        return reply

    def service(self) -> str:
        """Draw a service, one that publishes."""
        return self.chance.choice(SERVICES)

    def process(self) -> str:
        """Draw a process of any service."""
        return self.chance.choice([f"{service}-{role}" for service in self.stack.services for role in ROLES])

    def switch(self, process: str) -> Switch:
        return self.launcher.switch(process)

    def sql(self, database: str, statement: str, *given: Any) -> list[tuple[Any, ...]]:
        """Run a statement as a service's own role in its database, or as PostgreSQL's superuser (`postgres`)."""
        with psycopg.connect(self.stack.database_url(database), autocommit=True, connect_timeout=5) as conn:
            done = conn.execute(statement.encode(), given or None)
            return list(done.fetchall()) if done.description else []

    def end_connections(self, service: str) -> None:
        """Cut all connections to a service's database."""
        self.sql("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", service)

    @contextmanager
    def stopped(self, *names: str) -> Iterator[None]:
        """Freeze processes."""
        self.signal(signal.SIGSTOP, *names)
        try:
            yield
        finally:
            self.signal(signal.SIGCONT, *names)

    def signal(self, number: signal.Signals, *names: str) -> None:
        """Send a signal to those that run, and to PostgreSQL's children with it where it is frozen."""
        for name in names:
            if (pid := self.stack.pid(name)) is not None:
                for one in (pid, *_children(pid)) if number in {signal.SIGSTOP, signal.SIGCONT} else (pid,):
                    with suppress(ProcessLookupError):
                        os.kill(one, number)

    @contextmanager
    def second(self, service: str, role: str) -> Iterator[str]:
        """Have one more process of a service come, and go; gives its name for `switch`."""
        self._seconds = _SECOND + (self._seconds + 2 - _SECOND) % 28
        port = self.stack.base_port + self._seconds
        environment = {
            **self.stack.environment(service, role),
            "JOBPLUS_HEALTH_PORT": str(port),
            "JOBPLUS_HTTP_PORT": str(port + 1),
        }
        log = self.stack.home.logs / f"{service}-{role}-2.log"
        pid = self.launcher.start(service_command(service, role), environment, log, "-2")
        try:
            until(lambda: unready_because(port), f"a second {service}-{role} is ready", lambda reason: reason is None)
            yield f"{service}-{role}-2"
        finally:
            for number in (signal.SIGTERM, signal.SIGCONT):
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
            until(lambda: _is_gone(pid), f"the second {service}-{role} has ended", seconds=40)

    def by_hand(self) -> None:
        """Start every process of every service anew."""
        for service in self.stack.services:
            for role in ROLES:
                self.signal(signal.SIGKILL, f"{service}-{role}")

    def arrives(self, what: str, of: Callable[[Kind], bool]) -> None:
        """Wait, while a fault lasts, until commands of such kinds that are asked from now on have been accepted and are
        in the ledger (raises NotSurvived after LIMIT_SECONDS)."""
        since = time.monotonic()

        def missing() -> int:
            accepted = [
                command.correlation_id
                for command in self.history.commands
                if command.began > since and command.state == "ok" and of(command.kind)
            ]
            there = self.sql("reporting", _IN_LEDGER, accepted[:ARRIVING])[0][0]
            return max(ARRIVING - there, 0)

        self.comes(what, missing)

    def comes(self, what: str, missing: Callable[[], int]) -> None:
        """Wait, while a fault lasts, until nothing is missing (raises NotSurvived after LIMIT_SECONDS)."""
        ends = time.monotonic() + LIMIT_SECONDS
        while (left := missing()) and time.monotonic() < ends:
            time.sleep(0.3)
        if left:
            raise NotSurvived(f"{what}: {left} are missing after {LIMIT_SECONDS:.0f} s of it")

    def ready(self, service: str, role: str) -> None:
        """Wait until a process is ready."""
        port = health_port(self.stack.base_port, service, role)
        until(lambda: unready_because(port), f"{service}-{role} is ready", lambda reason: reason is None)

    def _behind(self, proxy: Path) -> Proxies:
        base = self.stack.base_port
        proxies = Proxies(proxy, base + _TOXIPROXY)
        for place, service in enumerate(self.stack.services):
            kafka, postgres = base + _PROXIED + 2 * place, base + _PROXIED + 2 * place + 1
            proxies.add(f"{service}-kafka", kafka, kafka_port(base))
            proxies.add(f"{service}-postgres", postgres, postgres_port(base))
            self.launcher.put_behind(service, kafka=(kafka_port(base), kafka), postgres=postgres)
        return proxies


def grounds(
    make: Callable[[Launcher], Stack], launcher: Launcher, folder: Path, proxy: Path | None
) -> Callable[[], Ground]:
    """Give what makes one ground after the other, each with a folder of its own in this one."""
    numbers = itertools.count(1)
    return lambda: Ground(make, launcher, folder / f"switches-{next(numbers)}", proxy)


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True
