"""SIGTERM ends what doesn't serve yet at once, also as the first process of a container, which no signal ends that
nothing in it handles: while it imports, and while it waits for what answers nothing."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobplus.stack.keys import jwks_file, make_keys
from tests.kit.waiting import until

ROOT = Path(__file__).parents[2]
AS_FIRST = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"]
ENDED = 128 + signal.SIGTERM
COMMANDS = {
    "api": ["services.intake", "api"],
    "worker": ["services.matching", "worker"],
    "relay": ["services.followup", "relay"],
    "all": ["services.reporting", "all"],
    "migrate": ["services.intake", "migrate"],
    "lifting": ["services.intake.lifting", "c-1"],
    "rebuild": ["services.reporting.rebuild"],
    "topics": ["jobplus.cli", "topics", "--servers", "{silent}"],
}


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that is there, and never says anything."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        server.settimeout(60)
        yield server


@pytest.fixture
def environment(tmp_path: Path, silent: socket.socket) -> dict[str, str]:
    folder = tmp_path
    make_keys(folder)
    (folder / "password").write_text("invented")
    (folder / "marks").write_text("invented, and long enough to be a secret")
    host, port = silent.getsockname()
    return {
        "PATH": os.environ["PATH"],
        "JOBPLUS_ENVIRONMENT": "test",
        "JOBPLUS_CLOCK": "system",
        "JOBPLUS_DATABASE_HOST": host,
        "JOBPLUS_DATABASE_PORT": str(port),
        "JOBPLUS_DATABASE_NAME": "centre",
        "JOBPLUS_DATABASE_USER": "centre",
        "JOBPLUS_DATABASE_PASSWORD_FILE": str(folder / "password"),
        "JOBPLUS_MARKS_KEY_FILE": str(folder / "marks"),
        "JOBPLUS_KAFKA_SERVERS": f"{host}:{port}",
        "JOBPLUS_JWKS": str(jwks_file(folder)),
        "JOBPLUS_TOKEN_ISSUER": "centre",
        "JOBPLUS_TOKEN_AUDIENCE": "centre",
    }


def _may_unshare() -> bool:
    try:
        return subprocess.run([*AS_FIRST, "true"], capture_output=True, timeout=10).returncode == 0
    except OSError:
        return False


class _Started:
    """A process that was started, as the first of its own world where that is asked."""

    def __init__(self, name: str, environment: dict[str, str], silent: socket.socket, *, first: bool) -> None:
        at = ":".join(map(str, silent.getsockname()))
        command = [sys.executable, "-m", *(part.format(silent=at) for part in COMMANDS[name])]
        self._outer = subprocess.Popen(
            [*(AS_FIRST if first else []), *command],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        children = Path(f"/proc/{self._outer.pid}/task/{self._outer.pid}/children")
        self.pid = self._outer.pid
        if first:
            self.pid = int(until(children.read_text, "it has begun").split()[0])

    def terminated(self) -> tuple[int, float, str]:
        """Send SIGTERM; gives the exit code, after how many seconds, and what was said until then."""
        os.kill(self.pid, signal.SIGTERM)
        asked = time.monotonic()
        said, _ = self._outer.communicate(timeout=20)
        return self._outer.returncode, time.monotonic() - asked, said.decode()

    def end(self) -> None:
        self._outer.kill()
        self._outer.communicate(timeout=20)


def _ended(name: str, environment: dict[str, str], silent: socket.socket, wait: float, *, first: bool) -> None:
    started = _Started(name, environment, silent, first=first)
    try:
        if wait:
            time.sleep(wait)  # time is the matter here: in the middle of what it imports
            code, seconds, said = started.terminated()
        else:
            connection, _ = silent.accept()
            with connection:
                assert connection.recv(1)  # by now it waits for an answer
                code, seconds, said = started.terminated()
    finally:
        started.end()
    assert (code, "Traceback" in said) == (ENDED, False), said
    assert seconds < 1


EARLY = [(name, 0.3) for name in ("worker", "migrate", "topics")]
WAITING = [(name, 0.0) for name in COMMANDS]


@pytest.mark.parametrize(("name", "wait"), [*EARLY, *WAITING])
def test_a_first_process_that_does_not_serve_yet_ends_at_once(
    environment: dict[str, str], silent: socket.socket, name: str, wait: float
) -> None:
    if not _may_unshare():
        pytest.skip("nobody but root may have a process be the first of its own world here")
    _ended(name, environment, silent, wait, first=True)


@pytest.mark.parametrize("name", ["api", "migrate"])
def test_any_process_that_does_not_serve_yet_ends_at_once(
    environment: dict[str, str], silent: socket.socket, name: str
) -> None:
    _ended(name, environment, silent, 0.0, first=False)
