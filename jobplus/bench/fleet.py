"""More processes of a service beside a stack's own three, on ports behind it."""

import subprocess
import time
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager

from jobplus.bench.beside import started
from jobplus.stack.health import unready_because
from jobplus.stack.local import Stack
from jobplus.stack.ports import HOST
from jobplus.stack.processes import service_command

READY_SECONDS = 60.0
_FIRST_PORT = {"api": 50, "worker": 70}
"""Of a role's processes behind the stack's first port, two for each."""


@contextmanager
def more(stack: Stack, service: str, role: str, numbers: Sequence[int]) -> Generator[list[int]]:
    """Run more processes of a service, told apart by numbers from 0; gives their pids, and ends them by SIGTERM."""
    with ExitStack() as running:
        processes = [running.enter_context(_one(stack, service, role, number)) for number in numbers]
        yield [process.pid for process in processes]


def await_ready(stack: Stack, role: str, numbers: Sequence[int]) -> None:
    """Return once they are ready (raises TimeoutError)."""
    end = time.monotonic() + READY_SECONDS
    for number in numbers:
        while reason := unready_because(ports(stack.base_port, role, number)[1]):
            if time.monotonic() > end:
                raise TimeoutError(f"{role} {number} isn't ready after {READY_SECONDS:.0f} s: {reason}")
            time.sleep(0.05)


def address(stack: Stack, number: int) -> str:
    """Where one of the apis listens."""
    return f"http://{HOST}:{ports(stack.base_port, 'api', number)[0]}"


def _one(stack: Stack, service: str, role: str, number: int) -> AbstractContextManager[subprocess.Popen[bytes]]:
    http, health = ports(stack.base_port, role, number)
    listening = {"JOBPLUS_HTTP_PORT": str(http), "JOBPLUS_HEALTH_PORT": str(health)}
    name, command = f"{service}-{role}-{number}", service_command(service, role)[1:]
    return started(stack, name, command, {**stack.environment(service, role), **listening})


def ports(base_port: int, role: str, number: int) -> tuple[int, int]:
    """Give the ports of one of them, behind a stack's first port: of its interface, and of its health."""
    first = base_port + _FIRST_PORT[role] + 2 * number
    return first, first + 1
