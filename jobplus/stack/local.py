"""One stack on this machine: the way in for the command line, tests and benchmarks.

What only a start, the topics or the status need is imported there: the clients of Kafka and PostgreSQL take longer to
import than a figure to be asked for.
"""

import signal
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, Literal

from jobplus.client import CONNECTIONS, Client
from jobplus.stack.errors import StackFailed, file_errors_in_one_line
from jobplus.stack.health import unready_because
from jobplus.stack.home import Home
from jobplus.stack.keys import Bearer, Role, make_keys, renewing, sign_token
from jobplus.stack.ports import (
    DEFAULT_BASE_PORT,
    FEED,
    HOST,
    ROLES,
    check_base_port,
    postgres_port,
    refuse_taken_port,
    service_port,
)
from jobplus.stack.postgres import SUPERUSER
from jobplus.stack.processes import (
    KAFKA,
    POSTGRES,
    PROVIDER,
    Setting,
    StackProcess,
    process_table,
    service_environment,
)
from jobplus.stack.running import Processes
from jobplus.stack.space import refuse_full_disk
from jobplus.stack.spawning import Detached, Launcher

if TYPE_CHECKING:
    from jobplus.stack.status import StackStatus
    from jobplus.stack.topics import Topic

_READY_SECONDS = 180
_SERVICE_STOP_SECONDS = 30
_SERVER_STOP_SECONDS = 30
_KILL_SECONDS = 10


def _say_nothing(_: str) -> None:
    return


def project_topics() -> "Collection[Topic]":
    """The topics of the project's events."""
    from contracts.topics import TOPICS

    return tuple(TOPICS)


class Stack:
    """Kafka, PostgreSQL and the services, with all their state in one home.

    Without a base port it is the one that the home was last started with, or 7400. `settings` are more
    JOBPLUS_ variables for every service, by name without the prefix. What `brief` and `durable` mean, `Setting` says;
    `launcher` starts the processes; with `feed`, or where it runs in this home, there is the partners' feed too. `say`
    gets a line for each thing that a person who waits wants to know. Everything raises StackFailed with one line that
    says what to do.
    """

    def __init__(
        self,
        home: Path,
        base_port: int | None = None,
        *,
        clock: Literal["simulated", "system"] = "simulated",
        environment: Literal["local", "test"] = "local",
        settings: Mapping[str, str] | None = None,
        brief: bool = False,
        durable: bool = True,
        launcher: Launcher | None = None,
        feed: bool = False,
        topics: "Callable[[], Collection[Topic]]" = project_topics,
        say: Callable[[str], None] = _say_nothing,
    ) -> None:
        self.home = Home(home.absolute())
        self.base_port = base_port or self.home.base_port() or DEFAULT_BASE_PORT
        check_base_port(self.base_port)
        launcher = launcher or Detached()
        self._processes = Processes(self.home, launcher)
        feed = feed or any(name.partition("-")[0] == FEED for name in self._processes.names())
        self._setting = Setting(
            self.home, self.base_port, clock, environment, settings or {}, brief, durable, launcher, feed
        )
        self._tokens = renewing(self.home.keys)
        self._topics = topics
        self._say = say

    @property
    def kafka_servers(self) -> str:
        """Kafka's address, as host:port."""
        return self._setting.kafka_servers

    @property
    def services(self) -> tuple[str, ...]:
        """The services that it has."""
        return self._setting.services

    def url(self, service: str, role: str = "api") -> str:
        """Where a process of a service listens."""
        return f"http://{HOST}:{service_port(self.base_port, service, role)}"

    def database_url(self, role: str = SUPERUSER) -> str:
        """A service's own database, with its role and password; or the superuser's."""
        password = self.home.password(role)
        return f"postgresql://{role}:{password}@{HOST}:{postgres_port(self.base_port)}/{role}"

    def environment(self, service: str, role: str = "api") -> dict[str, str]:
        """The whole environment that a process of a service runs with."""
        return service_environment(self._setting, service, role)

    def token(self, role: Role, **claims: Any) -> str:
        """A token that the services of this stack accept; what may be told of it is told by `sign_token`."""
        return sign_token(self.home.keys, role, **claims)

    def token_of(self, bearer: Bearer) -> str:
        """The token of somebody that is valid now."""
        return self._tokens(bearer)

    def client(self, service: str, bearer: Bearer, connections: int = CONNECTIONS) -> Client:
        """A client that asks a service of this stack as somebody."""
        return Client(self.url(service), partial(self._tokens, bearer), connections)

    def up(self, only: Collection[str] | None = None, *, services: bool = True, kafka: bool = True) -> None:
        """Start what isn't running, and return when all is healthy.

        `only` names services (`intake`) or processes (`intake-api`, `provider`); `services=False` starts Kafka and
        PostgreSQL alone, with `kafka=False` PostgreSQL alone. What runs already is left alone.
        """
        from jobplus.stack.starting import Start

        wanted = self._chosen(only) if services and kafka else []
        servers = [self._table[KAFKA], self._table[POSTGRES]] if kafka else [self._table[POSTGRES]]
        with file_errors_in_one_line(), self.home.locked(self._say):
            self._refuse_other_base_port()
            for process in (*servers, *wanted):
                if self._processes.pid(process.name) is None:
                    for port in process.ports:
                        refuse_taken_port(port, process.name)
            refuse_full_disk(self.home.path)
            self.home.make(self.base_port)
            make_keys(self.home.keys)
            self._tokens = renewing(self.home.keys)  # what another key signed, before a wipe, is no token now
            for name in self._setting.services:
                self.home.password(name)
                self.home.make_marks_key(name)
            self.home.make_sign_in_secrets()
            self.home.make_webhook_key()
            Start(self._setting, wanted, self._topics, kafka=kafka, ready_seconds=_READY_SECONDS, say=self._say).run()

    def down(self, *, wipe: bool = False) -> None:
        """Stop everything, services first, and return when all has ended.

        `wipe` also removes the state: then nothing is to be kept, and all end at once.
        """
        if not self.home.path.exists():
            return
        with file_errors_in_one_line(), self.home.locked(self._say):
            names = self._processes.names()
            if wipe:
                self._processes.end(names, seconds=_KILL_SECONDS)
                self.home.wipe()
                return
            servers = [name for name in names if name in (KAFKA, POSTGRES)]
            services = [name for name in names if name not in servers]
            self._processes.stop(services, seconds=_SERVICE_STOP_SECONDS, say=self._say)
            self._processes.stop(servers, seconds=_SERVER_STOP_SECONDS, say=self._say)

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to one process; after SIGKILL, return when it is gone."""
        self._named(name)
        if not self._processes.send(name, number):
            raise StackFailed(f"{name} isn't running")
        if number == signal.SIGKILL:
            self._processes.await_end(name, _KILL_SECONDS)

    def stop(self, name: str) -> None:
        """Ask one process to end, and return when it has."""
        self._named(name)
        self._processes.stop([name], seconds=_SERVICE_STOP_SECONDS, say=self._say)

    def start(self, name: str) -> None:
        """Start one process unless it runs, without migrations, and return when it is ready."""
        process = self._named(name)
        port = process.health_port
        if port is None:
            self.up(services=False)
            return
        self._processes.start(process)
        self._processes.wait_ready(name, lambda: unready_because(port), seconds=_READY_SECONDS, give_up=Event())

    def names(self) -> list[str]:
        """The names of all processes that a stack has."""
        return list(self._table)

    def pid(self, name: str) -> int | None:
        """The pid of a process while it runs."""
        return self._processes.pid(self._named(name).name)

    def make_topics(self, topics: "Collection[Topic] | None" = None) -> list[str]:
        """Make the project's topics, or these, where they don't exist; returns the new ones' names."""
        from jobplus.stack.topics import make_topics

        return make_topics(self.kafka_servers, self._topics() if topics is None else topics)

    def status(self) -> "StackStatus":
        """How each process and each service is."""
        from jobplus.stack.status import stack_status

        return stack_status(self._setting)

    @property
    def _table(self) -> Mapping[str, StackProcess]:
        return process_table(self._setting)

    def _named(self, name: str) -> StackProcess:
        process = self._table.get(name)
        if process is None:
            raise StackFailed(f"there is no process {name}: choose from {', '.join(self._table)}")
        return process

    def _chosen(self, only: Collection[str] | None) -> list[StackProcess]:
        processes = [process for name, process in self._table.items() if name not in (KAFKA, POSTGRES)]
        if only is None:
            return processes
        services = self._setting.services
        known = {*services, *(f"{service}-{role}" for service in services for role in ROLES), PROVIDER}
        unknown = sorted(set(only) - known)
        if unknown:
            raise StackFailed(f"there is no service {', '.join(unknown)}: choose from {', '.join(services)}")
        return [process for process in processes if process.service in only or process.name in only]

    def _refuse_other_base_port(self) -> None:
        known = self.home.base_port()
        if known in (None, self.base_port):
            return
        if any(self._processes.pid(name) is not None for name in self._processes.names()):
            raise StackFailed(
                f"the stack in {self.home.path} runs at base port {known}: leave out --base-port, "
                "or stop it first with jobplus down"
            )
