"""The container engine: Docker where its daemon answers, otherwise a stand-in on this machine alone."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

LAST_LINES = 30


class CommandFailed(Exception):
    """A command ended with an error: what it was, and its last lines."""


@dataclass(frozen=True)
class Engine:
    """How to talk to the engine: its command line, compose's, and what both need in their environment."""

    name: str
    command: Sequence[str]
    compose: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    build_options: Sequence[str] = ()
    save_options: Sequence[str] = ()

    def attempt(
        self, *arguments: str, cwd: Path | None = None, seconds: float = 600, compose: bool = False, **more: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command of the engine, or of compose; gives what came of it, also a failure (raises CommandFailed only
        when it hangs)."""
        command = [*(self.compose if compose else self.command), *arguments]
        environment = {**os.environ, **self.environment, **more}
        try:
            return subprocess.run(
                command, cwd=cwd, env=environment, check=False, capture_output=True, text=True, timeout=seconds
            )
        except subprocess.TimeoutExpired:
            raise CommandFailed(f"{' '.join(command)} took more than {seconds:.0f} s") from None

    def run(
        self, *arguments: str, cwd: Path | None = None, seconds: float = 600, compose: bool = False, **more: str
    ) -> str:
        """Run a command that must succeed; gives its standard output (raises CommandFailed)."""
        done = self.attempt(*arguments, cwd=cwd, seconds=seconds, compose=compose, **more)
        if done.returncode != 0:
            said = (done.stdout + done.stderr).strip().splitlines()[-LAST_LINES:]
            raise CommandFailed("\n".join([f"{' '.join(done.args)} ended with {done.returncode}:", *said]))
        return done.stdout


@contextmanager
def engine(home: Path) -> Iterator[Engine]:
    """Give the engine of this machine; the stand-in is taken down afterwards."""
    if shutil.which("docker") and _works(["docker", "info"]):
        compose = ["docker", "compose"] if _works(["docker", "compose", "version"]) else ["docker-compose"]
        yield Engine("Docker", ["docker"], compose)
        return
    from tests.compose.standin import stand_in

    with stand_in(home) as found:
        yield found


def _works(command: Sequence[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True, timeout=60).returncode == 0
