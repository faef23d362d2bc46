"""Who listens where, counted from a stack's base port, and who is in the way."""

import errno
import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path

from jobplus.stack.errors import StackFailed

DEFAULT_BASE_PORT = 7400
HOST = "127.0.0.1"

SERVICES = ("intake", "matching", "followup", "reporting")
FEED = "feed"
"""The service that a stack has where it is asked for."""
_PLACES = {**{service: 10 * place for place, service in enumerate(SERVICES, 1)}, FEED: 90}
"""Where the ports of each begin; between them are those of copies that benchmarks start beside a stack."""
ROLES = ("api", "worker", "relay")

_LAST_OFFSET = 93
_REACHED_SECONDS = 2.0


def kafka_port(base_port: int) -> int:
    """Kafka's port for its clients."""
    return base_port


def controller_port(base_port: int) -> int:
    """The port on which Kafka talks to itself."""
    return base_port + 1


def postgres_port(base_port: int) -> int:
    """PostgreSQL's port."""
    return base_port + 2


def provider_port(base_port: int) -> int:
    """The port of the identity provider for trying."""
    return base_port + 3


def service_port(base_port: int, service: str, role: str) -> int:
    """The HTTP port of one process of a service: of its interface, of the others their health and metrics."""
    return base_port + _PLACES[service] + ROLES.index(role)


def health_port(base_port: int, service: str, role: str) -> int:
    """The port of health and metrics of one process of a service: an interface's own is another."""
    port = service_port(base_port, service, role)
    return port + len(ROLES) if role == "api" else port


def check_base_port(base_port: int) -> None:
    """Raises StackFailed when not all ports of a stack would be ordinary ones."""
    if not 1024 <= base_port <= 65535 - _LAST_OFFSET:
        raise StackFailed(f"the base port {base_port} must lie from 1024 to {65535 - _LAST_OFFSET}")


def all_ports(base_port: int) -> list[int]:
    """Every port of a stack."""
    servers = [kafka_port(base_port), controller_port(base_port), postgres_port(base_port), provider_port(base_port)]
    processes = [(service, role) for service in _PLACES for role in ROLES]
    services = {port(base_port, *process) for process in processes for port in (service_port, health_port)}
    return [*servers, *sorted(services)]


def free_base_port() -> int:
    """A base port whose ports are all free, below those that the system gives to clients.

    No other process is given the same while this one lives, so that two who ask at the same time don't meet.
    """
    folder = Path(tempfile.gettempdir(), f"jobplus-ports-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    candidates = list(range(17_400, 30_000, 100))
    random.shuffle(candidates)
    for base_port in candidates:
        if _reserved(folder / str(base_port)) and not any(_is_taken(port) for port in all_ports(base_port)):
            return base_port
    raise StackFailed("no 23 neighbouring ports are free from 17400 to 30000: stop some stacks")


def _reserved(mark: Path) -> bool:
    """Take a mark, which the system frees when this process ends; tell whether nobody else has it."""
    descriptor = os.open(mark, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return False
    return True


def refuse_taken_port(port: int, needed_by: str) -> None:
    """Raises StackFailed when something listens on the port already, or takes what is sent to it elsewhere."""
    if _is_taken(port):
        raise StackFailed(
            f"port {port}, which {needed_by} needs, is taken{_by_whom(port)}: stop that, or choose another --base-port"
        )


def _is_taken(port: int) -> bool:
    """Tell whether nobody could listen on a port and be reached: a rule of the machine's firewall may take what is sent
    to it elsewhere, as that of a container whose engine was killed."""
    with socket.socket() as probe:
        # As the servers do: connections of a process that just ended are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen(1)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return True
        return not _is_reached(port)


def _is_reached(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=_REACHED_SECONDS):
            return True
    except OSError:
        return False


def _by_whom(port: int) -> str:
    import psutil

    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port:
                if connection.pid is None:
                    return ""
                return f" by process {connection.pid} ({psutil.Process(connection.pid).name()})"
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        return ""
    return ""
