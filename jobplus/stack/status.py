"""How a stack is: each process's state, and what each service says of its outbox, lag and dead letters."""

from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from http.client import HTTPException
from typing import Literal

import psycopg
from pydantic import BaseModel, ValidationError

from jobplus.stack.errors import StackFailed
from jobplus.stack.health import get_json, unready_because
from jobplus.stack.keys import sign_token
from jobplus.stack.ports import HOST, SERVICES, service_port
from jobplus.stack.postgres import connect
from jobplus.stack.processes import KAFKA, POSTGRES, Setting, StackProcess, process_table
from jobplus.stack.running import Processes
from jobplus.stack.topics import broker_is_ready

State = Literal["running", "unhealthy", "stopped"]

_TOKEN_SECONDS = 60


class _Consumed(BaseModel):
    topic: str
    lag: int


class _DeadLetters(BaseModel):
    dead: int
    parked: int


class _Answer(BaseModel):
    """What is read of a service's GET /status."""

    outbox: int
    consumers: list[_Consumed]
    dead_letters: _DeadLetters


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
    """One service: events in its outbox, records not read yet by topic, dead letters and what is parked.

    All None, and `error` says why, when its api doesn't answer.
    """

    name: str
    outbox: int | None = None
    lag: Mapping[str, int] | None = None
    dead: int | None = None
    parked: int | None = None
    error: str | None = None


@dataclass(frozen=True)
class StackStatus:
    """A whole stack; healthy when every process of the table is ready."""

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
        services = threads.map(partial(_service_status, setting), SERVICES)
        shown = list(processes)
        return StackStatus(
            home=str(setting.home.path),
            base_port=setting.base_port,
            healthy=all(process.state == "running" for process in shown),
            processes=shown,
            services=list(services),
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
        return None if broker_is_ready(setting.kafka_servers) else "doesn't answer"
    if process.name == POSTGRES:
        try:
            connect(setting.home, setting.base_port).close()
        except psycopg.OperationalError as error:
            return " ".join(str(error).split())[:200]
        return None
    return unready_because(process.port)


def _service_status(setting: Setting, service: str) -> ServiceStatus:
    try:
        token = sign_token(setting.home.keys, "operator", ttl_seconds=_TOKEN_SECONDS)
        port = service_port(setting.base_port, service, "api")
        answer = _Answer.model_validate(get_json(port, "/status", token=token))
    except ConnectionRefusedError:
        return ServiceStatus(service, error="its api doesn't run")
    except ValidationError as error:
        missing = ", ".join(".".join(str(part) for part in e["loc"]) for e in error.errors())
        return ServiceStatus(service, error=f"its api's answer lacks {missing}")
    except (OSError, HTTPException, ValueError, StackFailed) as error:
        return ServiceStatus(service, error=str(error) or type(error).__name__)
    lag: defaultdict[str, int] = defaultdict(int)
    for consumed in answer.consumers:
        lag[consumed.topic] += consumed.lag
    return ServiceStatus(service, answer.outbox, dict(lag), answer.dead_letters.dead, answer.dead_letters.parked)
