"""A worker of matching as a process of its own, on a database of its own, for tests that hurt it."""

import os
import re
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import psycopg
from aiokafka import AIOKafkaConsumer, TopicPartition

from jobplus.stack.health import get, unready_because
from jobplus.stack.local import Stack
from services.matching.subscriptions import SUBSCRIPTIONS
from tests.kit.forks import Forks
from tests.kit.waiting import until

Kind = Literal["faust", "plain"]

MODULES: dict[Kind, str] = {"faust": "services.matching", "plain": "tests.matching.workers.plain_worker"}
SECONDS = 180.0


async def topic_ends(stack: Stack) -> dict[TopicPartition, int]:
    """Where the topics that matching reads end."""
    kafka = AIOKafkaConsumer(*{s.event.topic.name for s in SUBSCRIPTIONS}, bootstrap_servers=stack.kafka_servers)
    await kafka.start()
    try:
        partitions = [TopicPartition(t, p) for t in kafka.subscription() for p in kafka.partitions_for_topic(t) or ()]
        return dict(await kafka.end_offsets(partitions))
    finally:
        await kafka.stop()


class Database:
    """A new database of matching's, migrated, that stands where the topics end by now."""

    def __init__(self, stack: Stack, forks: Forks, name: str, ends: Mapping[TopicPartition, int], log: Path) -> None:
        self.name = name
        self.url = stack.database_url("matching").rpartition("/")[0] + f"/{name}"
        with psycopg.connect(stack.database_url(), autocommit=True) as superuser:
            superuser.execute(f'CREATE DATABASE "{name}" OWNER matching')
        environment = {**stack.environment("matching", "worker"), "JOBPLUS_DATABASE_NAME": name}
        migrated = forks.run([sys.executable, "-m", "services.matching", "migrate"], environment, log, SECONDS)
        assert migrated == 0, log.read_text()
        for (topic, partition), end in ends.items():
            self.rows(
                "INSERT INTO consumer_offset (topic, partition, next_offset, last_offset) VALUES (%s, %s, %s, %s)",
                topic,
                partition,
                end,
                end - 1 if end else None,
            )

    def rows(self, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            found = connection.execute(query.encode(), arguments)
            return found.fetchall() if found.description else []

    def wait(self, query: str, *arguments: Any, holds: Callable[[list[tuple[Any, ...]]], bool]) -> list[Any]:
        """Ask again until the answer is right; PostgreSQL may be away meanwhile."""

        def rows() -> list[tuple[Any, ...]]:
            try:
                return self.rows(query, *arguments)
            except psycopg.OperationalError:
                return []

        return until(rows, query, lambda found: found and holds(found), seconds=SECONDS)


class WorkerProcess:
    """One worker, on a port of its own."""

    def __init__(
        self,
        stack: Stack,
        forks: Forks,
        kind: Kind,
        database: Database,
        port: int,
        folder: Path,
        settings: Mapping[str, str],
    ) -> None:
        self._forks = forks
        self._port = port
        self._log = folder / f"{kind}-{port}.log"
        environment = {
            **stack.environment("matching", "worker"),
            "JOBPLUS_DATABASE_NAME": database.name,
            "JOBPLUS_HEALTH_PORT": str(port),
            **settings,
        }
        self._pid = forks.start([sys.executable, "-m", MODULES[kind], "worker"], environment, self._log)

    def wait_ready(self) -> None:
        until(self.trouble, "the worker is ready", lambda why: why is None, seconds=SECONDS)

    def trouble(self) -> str | None:
        """Why it isn't ready, None when it is; it must run."""
        assert self._forks.wait(self._pid, 0) is None, self.log()
        return unready_because(self._port)

    def metrics(self) -> str:
        return get(self._port, "/metrics")[1].decode()

    def freeze(self) -> None:
        os.kill(self._pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self._pid, signal.SIGCONT)

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        assert self._forks.wait(self._pid, 10) == -signal.SIGKILL

    def stop(self) -> int | None:
        """Ask it to end; gives its exit code, None when it still runs after 30 s."""
        if self._forks.wait(self._pid, 0) is None:
            os.kill(self._pid, signal.SIGTERM)
        return self._forks.wait(self._pid, 30)

    def log(self) -> str:
        return self._log.read_text()

    def end(self) -> None:
        """End it, in order where possible: the group need not wait for a member that left."""
        if self._forks.wait(self._pid, 0) is None:
            self.thaw()
        if self.stop() is None:
            self.kill()


START = Callable[..., WorkerProcess]
"""What the fixture `start` gives: it takes settings by name."""


def lines(log: str, event: str) -> Sequence[str]:
    """The lines of a log that tell of an event."""
    return [line for line in log.splitlines() if re.search(rf'"event": "{event}"', line)]
