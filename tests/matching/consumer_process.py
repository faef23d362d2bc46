"""A worker of matching as a process of its own, on a database of its own, for tests that hurt it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import psycopg

from jobplus.stack.health import unready_because
from jobplus.stack.local import Stack

Kind = Literal["faust", "plain"]

PLAIN = """
import sys
from chassis.lifecycle import main, plain_worker
from chassis.settings import read
from services.matching.bootstrap import blueprint
from services.matching.settings import MatchingSettings
main(blueprint, read(MatchingSettings), plain_worker)
"""
COMMANDS: dict[Kind, list[str]] = {"faust": ["-m", "services.matching", "worker"], "plain": ["-c", PLAIN, "worker"]}
SECONDS = 60.0


class Database:
    """A migrated database of matching's, new."""

    def __init__(self, stack: Stack, name: str) -> None:
        self.name = name
        self.url = stack.database_url("matching").rpartition("/")[0] + f"/{name}"
        with psycopg.connect(stack.database_url(), autocommit=True) as superuser:
            superuser.execute(f'CREATE DATABASE "{name}" OWNER matching')
        environment = {**stack.environment("matching", "worker"), "JOBPLUS_DATABASE_NAME": name}
        subprocess.run([sys.executable, "-m", "services.matching", "migrate"], env=environment, check=True)

    def rows(self, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            found = connection.execute(query.encode(), arguments)
            return found.fetchall() if found.description else []

    def wait(self, query: str, *arguments: Any, until: Callable[[list[tuple[Any, ...]]], bool]) -> list[Any]:
        """Ask again until the answer is right."""
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                rows = self.rows(query, *arguments)
            except psycopg.OperationalError:
                rows = []
            if rows and until(rows):
                return rows
            assert time.monotonic() < deadline, f"after {SECONDS} s: {query} {rows[:5]}"
            time.sleep(0.1)


class WorkerProcess:
    """One worker, on a port of its own."""

    def __init__(self, stack: Stack, kind: Kind, database: Database, port: int, folder: Path) -> None:
        self._port = port
        self._log = folder / f"{kind}-{port}.log"
        environment = {
            **stack.environment("matching", "worker"),
            "JOBPLUS_DATABASE_NAME": database.name,
            "JOBPLUS_HTTP_PORT": str(port),
        }
        with self._log.open("ab") as log:
            self._process = subprocess.Popen([sys.executable, *COMMANDS[kind]], env=environment, stdout=log, stderr=log)

    def wait_ready(self) -> None:
        deadline = time.monotonic() + SECONDS
        while (trouble := unready_because(self._port)) is not None:
            assert self._process.poll() is None, self.log()
            assert time.monotonic() < deadline, trouble
            time.sleep(0.1)

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)

    def stop(self) -> int:
        """Ask it to end; gives its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return self._process.wait(30)

    def exit_code(self) -> int:
        """Wait until it ends by itself."""
        return self._process.wait(SECONDS)

    def log(self) -> str:
        return self._log.read_text()

    def end(self) -> None:
        if self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait(10)


def lines(log: str, event: str) -> Sequence[str]:
    """The lines of a log that tell of an event."""
    return [line for line in log.splitlines() if re.search(rf'"event": "{event}"', line)]
