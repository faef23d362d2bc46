"""How a stack is: each process's state, and what each service says of its outbox, lag and dead letters.

The clients of Kafka and PostgreSQL are imported for those that run, and pydantic for an answer: of a stack that doesn't
run it is told at once.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from http.client import HTTPException
from typing import TYPE_CHECKING, Literal

from jobplus.stack.errors import StackFailed
from jobplus.stack.health import get_json, unready_because
from jobplus.stack.keys import sign_token
from jobplus.stack.ports import HOST, service_port
from jobplus.stack.processes import KAFKA, POSTGRES, Setting, StackProcess, process_table
from jobplus.stack.running import Processes

if TYPE_CHECKING:
    from jobplus.stack.answers import Answer

State = Literal["running", "unhealthy", "stopped"]

_TOKEN_SECONDS = 60


@dataclass(frozen=True)
class ProcessStatus:
    """One process; `health` is "ready", or why it isn't."""

    name: str
    state: State
    pid: int | None
    address: str
    health: str


@dataclass(frozen=True)
class ServiceStatus:
    """One service: events in its outbox, records not read yet by topic, dead letters and what is parked, and events
    that Kafka refuses with those behind them; `lost` says of partitions why they aren't read any more, and
    `not_looked_seconds` how old the lag is.

    All None, and `error` says why, when its api doesn't answer.
    """

    name: str
    outbox: int | None = None
    lag: Mapping[str, int] | None = None
    dead: int | None = None
    parked: int | None = None
    unsent: int | None = None
    lost: list[str] = field(default_factory=list[str])
    not_looked_seconds: float = 0
    error: str | None = None


@dataclass(frozen=True)
class StackStatus:
    """A whole stack; healthy when every process of the table is ready, and no service has lost what comes next."""

    home: str
    base_port: int
    healthy: bool
    processes: list[ProcessStatus]
    services: list[ServiceStatus]

    def as_json(self) -> dict[str, object]:
        """For `jobplus status --json`."""
        return asdict(self)


def stack_status(setting: Setting) -> StackStatus:
    """Asks all at once; what doesn't answer is told, not raised."""
    with ThreadPoolExecutor() as threads:
        processes = threads.map(partial(_process_status, setting), process_table(setting).values())
        services = threads.map(partial(_service_status, setting), setting.services)
        shown, told = list(processes), list(services)
        return StackStatus(
            home=str(setting.home.path),
            base_port=setting.base_port,
            healthy=all(process.state == "running" for process in shown) and not any(one.lost for one in told),
            processes=shown,
            services=told,
        )


def _process_status(setting: Setting, process: StackProcess) -> ProcessStatus:
    scheme = "" if process.service is None else "http://"
    address = f"{scheme}{HOST}:{process.port}"
    pid = Processes(setting.home).pid(process.name)
    if pid is None:
        return ProcessStatus(process.name, "stopped", None, address, "not running")
    reason = _unready_because(setting, process)
    state: State = "running" if reason is None else "unhealthy"
    return ProcessStatus(process.name, state, pid, address, reason or "ready")


def _unready_because(setting: Setting, process: StackProcess) -> str | None:
    if process.name == KAFKA:
        from jobplus.stack.topics import broker_unready_because

        return broker_unready_because(setting.kafka_servers)
    if process.name == POSTGRES:
        from jobplus.stack.databases import postgres_unready_because

        return postgres_unready_because(setting.home, setting.base_port)
    return unready_because(process.health_port or process.port)


def _service_status(setting: Setting, service: str) -> ServiceStatus:
    try:
        answer = _answer(setting, service)
    except ConnectionRefusedError:
        return ServiceStatus(service, error="its api doesn't run")
    except (OSError, HTTPException, ValueError, StackFailed) as error:
        return ServiceStatus(service, error=str(error) or type(error).__name__)
    letters, unsent = answer.dead_letters, answer.unsent_events
    refused = unsent.dead + unsent.parked
    counts = (letters.dead, letters.parked, refused)
    return ServiceStatus(service, answer.outbox, answer.lag, *counts, answer.lost, answer.not_looked_seconds)


def _answer(setting: Setting, service: str) -> "Answer":
    token = sign_token(setting.home.keys, "operator", ttl_seconds=_TOKEN_SECONDS)
    told = get_json(service_port(setting.base_port, service, "api"), "/status", token=token)
    from jobplus.stack.answers import read

    return read(told)
