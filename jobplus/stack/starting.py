"""Starts what isn't running of a stack, as much as possible at once."""

import signal
import time
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from functools import partial
from threading import Event

from jobplus.stack.databases import make_databases, postgres_unready_because
from jobplus.stack.errors import StackFailed, file_errors_in_one_line
from jobplus.stack.health import unready_because
from jobplus.stack.jars import fetch_jars
from jobplus.stack.kafka import prepare_kafka
from jobplus.stack.kafka_cache import make_class_archive
from jobplus.stack.postgres import prepare_postgres
from jobplus.stack.processes import (
    KAFKA,
    POSTGRES,
    Setting,
    StackProcess,
    process_table,
    service_command,
    service_environment,
)
from jobplus.stack.running import GivenUp, NotReady, Processes
from jobplus.stack.spawning import last_lines
from jobplus.stack.topics import Topic, broker_unready_because, make_topics
from jobplus.stack.wheels import fetch_wheels

_OLD_CHILDREN = "pre-existing shared memory block"
_OLD_CHILDREN_SECONDS = 15
_MIGRATE_SECONDS = 300
_DEAF_SECONDS = 60
_ENDING_SECONDS = 10


class Start:
    """One start of a stack: the wanted service processes, with Kafka and PostgreSQL below them.

    A service is migrated before its first process starts, and only when one of them isn't running. Its api
    needs no Kafka to start; its worker and its relay need the topics.
    """

    def __init__(
        self,
        setting: Setting,
        wanted: Collection[StackProcess],
        topics: Callable[[], Collection[Topic]],
        *,
        kafka: bool = True,
        ready_seconds: float,
        say: Callable[[str], None],
    ) -> None:
        self._setting = setting
        self._wanted = wanted
        self._topics = topics
        self._kafka = kafka
        self._ready_seconds = ready_seconds
        self._say = say
        self._table = process_table(setting)
        self._processes = Processes(setting.home, setting.launcher)
        self._give_up = Event()

    def run(self) -> None:
        """Returns when all is healthy; raises StackFailed with the first thing that went wrong."""
        servers = "Kafka and PostgreSQL" if self._kafka else "PostgreSQL"
        self._say(f"starting {servers}" + (" and the services" if self._wanted else ""))
        with ThreadPoolExecutor(max_workers=4 + 2 * len(self._wanted)) as threads:
            steps = self._begin(threads)
            try:
                done, _ = wait(steps, return_when=FIRST_EXCEPTION)
                failures = [error for step in done if (error := step.exception()) is not None]
                for failure in failures:
                    if not isinstance(failure, GivenUp):
                        raise failure
            finally:
                self._give_up.set()

    def _begin(self, threads: ThreadPoolExecutor) -> list[Future[None]]:
        wheels = threads.submit(fetch_wheels)
        postgres = threads.submit(self._after, self._start_postgres, [wheels])
        if not self._kafka:
            return [wheels, postgres]
        jars = threads.submit(fetch_jars)
        classes = threads.submit(self._after, self._archive_classes, [jars, wheels])
        kafka = threads.submit(self._after, self._start_kafka, [classes])
        steps = [jars, wheels, classes, kafka, postgres]
        missing = [process for process in self._wanted if self._processes.pid(process.name) is None]
        migrated = {
            service: threads.submit(self._after, self._migrate, [postgres], service)
            for service in dict.fromkeys(process.service for process in missing if process.service)
        }
        made = [threads.submit(self._after, self._make_topics, [kafka])] if missing else []
        for process in self._wanted:
            needs = [postgres, *(migrated[s] for s in migrated if s == process.service)]
            needs += [] if process.role == "api" else [kafka, *made]
            if process.service is None:  # the identity provider needs nothing
                needs = []
            steps.append(threads.submit(self._after, self._start_service, needs, process))
        return [*steps, *migrated.values(), *made]

    def _after(self, step: Callable[..., None], needs: list[Future[None]], *arguments: object) -> None:
        for need in needs:
            try:
                need.result()
            except BaseException:
                raise GivenUp from None
        if self._give_up.is_set():
            raise GivenUp
        with file_errors_in_one_line():
            step(*arguments)

    def _archive_classes(self) -> None:
        try:
            make_class_archive()
        except StackFailed as failure:
            self._say(f"Kafka will start more slowly: {failure}")

    def _start_kafka(self) -> None:
        self._run_kafka()
        try:
            self._await_kafka(min(_DEAF_SECONDS, self._ready_seconds))
        except NotReady as deaf:
            self._say(f"{deaf}\n{KAFKA} is started anew; what its threads did stands in its log")
            self._processes.send(KAFKA, signal.SIGQUIT)
            time.sleep(1)
            self._processes.end([KAFKA], seconds=_ENDING_SECONDS)
            self._run_kafka()
            self._await_kafka(self._ready_seconds)

    def _run_kafka(self) -> None:
        if self._processes.pid(KAFKA) is None:
            prepare_kafka(self._setting.home, self._setting.base_port)
            # asked for anew: only by now the archive of its classes may be there
            self._processes.start(process_table(self._setting)[KAFKA])

    def _await_kafka(self, seconds: float) -> None:
        servers = self._setting.kafka_servers
        unready = partial(broker_unready_because, servers)
        self._processes.wait_ready(KAFKA, unready, seconds=seconds, give_up=self._give_up)

    def _start_postgres(self) -> None:
        if self._processes.pid(POSTGRES) is None:
            prepare_postgres(self._setting.home, durable=self._setting.durable)
            self._start_postgres_after_old_children()
        self._wait_ready(POSTGRES, self._postgres_unready_because)
        make_databases(self._setting.home, self._setting.base_port, self._setting.services)

    def _start_postgres_after_old_children(self) -> None:
        """A killed PostgreSQL's children live on for a moment, and a new one refuses to start meanwhile."""
        deadline = time.monotonic() + _OLD_CHILDREN_SECONDS
        while True:
            self._processes.start(self._table[POSTGRES])
            try:
                self._wait_ready(POSTGRES, self._postgres_unready_because)
                return
            except StackFailed:
                if time.monotonic() > deadline or not self._processes.log_says(POSTGRES, _OLD_CHILDREN):
                    raise
            time.sleep(0.3)

    def _postgres_unready_because(self) -> str | None:
        return postgres_unready_because(self._setting.home, self._setting.base_port)

    def _migrate(self, service: str) -> None:
        log = self._setting.home.logs / f"{service}-migrate.log"
        environment = service_environment(self._setting, service, "migrate")
        code = self._setting.launcher.run(service_command(service, "migrate"), environment, log, _MIGRATE_SECONDS)
        if code != 0:
            how = f"didn't end in {_MIGRATE_SECONDS} s" if code is None else f"ended with exit code {code}"
            raise StackFailed(f"the migration of {service} {how}; its log {log} ends with{last_lines(log)}")

    def _make_topics(self) -> None:
        make_topics(self._setting.kafka_servers, self._topics())

    def _start_service(self, process: StackProcess) -> None:
        self._processes.start(process)
        self._wait_ready(process.name, lambda: unready_because(process.health_port or process.port))

    def _wait_ready(self, name: str, unready: Callable[[], str | None]) -> None:
        self._processes.wait_ready(name, unready, seconds=self._ready_seconds, give_up=self._give_up)
