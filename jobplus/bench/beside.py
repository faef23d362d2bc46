"""Processes that a benchmark runs beside a stack's own: peers, and more processes of a service."""

import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager

from jobplus.stack.local import Stack
from jobplus.stack.ports import FEED, SERVICES

END_SECONDS = 30.0


@contextmanager
def started(
    stack: Stack, name: str, arguments: Sequence[str], environment: Mapping[str, str]
) -> Generator[subprocess.Popen[bytes]]:
    """Run Python with some arguments in the stack's home, its output in the log of this name; ends it by SIGTERM."""
    with (stack.home.logs / f"{name}.log").open("a") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments], env=dict(environment), cwd=stack.home.path, stdout=output, stderr=output
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(END_SECONDS)
            finally:
                process.kill()


def stop_services(stack: Stack) -> None:
    """Leave Kafka and PostgreSQL alone on the machine."""
    for name in stack.names():
        if name.partition("-")[0] in (*SERVICES, FEED):
            stack.stop(name)
