"""One run of docker-compose.yml: the project's copy, its containers, and what they said."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from jobplus.stack.keys import jwks_file, make_keys
from jobplus.stack.ports import FEED, SERVICES, free_base_port
from tests.compose.engine import CommandFailed, Engine

ROOT = Path(__file__).parents[2]
ROLES = ("api", "worker", "relay")
LONG_RUNNING = tuple(f"{service}-{role}" for service in SERVICES for role in ROLES)
JOBS = (*(f"{service}-migrate" for service in SERVICES), "topics")
SERVERS = ("kafka", "postgres", "proxy")
FEED_JOB = f"{FEED}-migrate"
"""There with the profile `feed` alone, as the feed itself."""
IMAGES = (*SERVICES, FEED, "topics")
READY_SECONDS = 150
LOG_LINES = 15
AT_ONCE = 4
T = TypeVar("T")
R = TypeVar("R")


def say(line: str) -> None:
    """Tell the person who waits, on standard error."""
    print(f"   {line}", file=sys.stderr, flush=True)


def expect(held: bool, otherwise: str) -> None:
    """Fail with what is wrong (raises CommandFailed)."""
    if not held:
        raise CommandFailed(otherwise)


def at_once(several: Iterable[T], do: Callable[[T], R]) -> list[R]:
    """Do the same to several, some at a time, as much of it is waiting; gives what came of each. Raises the first
    failure."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(do, several))


class Project:
    """The compose file in a copy of the project, so that nothing here writes into the checkout.

    Only the override file of the test is added, and that only for a replay: see `simulated`.
    """

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self.folder = folder
        self.name = f"jobplustest{secrets.token_hex(3)}"
        self.keys = folder.parent / "keys"
        self.port = free_base_port()
        self.simulated = False
        # A version of its own, so that images that are in use here stay what they are.
        self.version = f"test-{self.name[-6:]}"
        versions = {f"JOBPLUS_{image.upper()}_VERSION": self.version for image in IMAGES}
        self.variables = {"JOBPLUS_PORT": str(self.port), **versions}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def copy(self) -> None:
        """Copy what git would, make the passwords as a user would, and let the services trust a key of our own."""
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True
        )
        for name in listed.stdout.splitlines():
            if (ROOT / name).is_file():
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, self.folder / name)
        subprocess.run([self.folder / "deploy/make-secrets.sh"], check=True, capture_output=True)
        # No container ever sees the signing key.
        self.keys.mkdir()
        make_keys(self.keys)
        self.trust(self.keys)

    def trust(self, *folders: Path) -> None:
        """Have the services trust the keys in these folders, by another file in the place of theirs."""
        keys = [key for folder in folders for key in json.loads(jwks_file(folder).read_bytes())["keys"]]
        place = self.folder / "deploy/keys/jwks.json"
        other = place.with_name("jwks.json.new")
        other.write_text(json.dumps({"keys": keys}))
        other.chmod(0o444)
        other.replace(place)

    def compose(self, *arguments: str, seconds: float = 300, **variables: str) -> str:
        """Run docker compose on this project (raises CommandFailed)."""
        return self.engine.run(*self._compose(*arguments), **self._given(seconds, variables))

    def attempt(self, *arguments: str, seconds: float = 60) -> "subprocess.CompletedProcess[str]":
        """Run docker compose on this project; gives what came of it, also a failure."""
        return self.engine.attempt(*self._compose(*arguments), **self._given(seconds, {}))

    def _compose(self, *arguments: str) -> list[str]:
        files = ["-f", "docker-compose.yml"] + (["-f", "tests/compose/override.yml"] if self.simulated else [])
        return ["-p", self.name, *files, *arguments]

    def _given(self, seconds: float, variables: dict[str, str]) -> dict[str, Any]:
        return {"cwd": self.folder, "seconds": seconds, "compose": True, **self.variables, **variables}

    def up(self, *services: str, **variables: str) -> None:
        """Bring up, and wait until all is healthy."""
        self.compose("up", "-d", "--no-build", *services, **variables)
        self.wait_until_healthy()

    def expect_services(self, *services: str) -> None:
        """Fail unless just these services have containers."""
        found = {service_of(container) for container in self.containers(stopped=True)}
        expect(found == set(services), f"there are {sorted(found)} instead of {sorted(services)}")

    def remove_images(self) -> None:
        """Remove the images that were built for this run."""
        listed = self.engine.run("images", "--format", "{{.Repository}}:{{.Tag}}").split()
        if own := [name for name in listed if "/jobplus-" in f"/{name}" and self.version in name]:
            self.engine.run("rmi", "-f", *own)

    def wipe(self) -> None:
        """Take down, with the volumes."""
        self.compose("down", "-v", "--remove-orphans", "-t", "30")

    def containers(self, *services: str, stopped: bool = False) -> list[dict[str, Any]]:
        """Inspect this project's containers; those of some services, or all; also the stopped ones when asked."""
        label = "label=com.docker.compose.project=" + self.name
        ids = self.engine.run("ps", "-q", "--no-trunc", "--filter", label, *(["-a"] if stopped else [])).split()
        found = json.loads(self.engine.run("inspect", *ids)) if ids else []
        return [container for container in found if not services or service_of(container) in services]

    def container(self, service: str) -> dict[str, Any]:
        """Inspect a service's one container."""
        (found,) = self.containers(service, stopped=True)
        return found

    def wait_until_healthy(self, seconds: float = READY_SECONDS) -> None:
        """Wait until every container is healthy, or a job done (raises CommandFailed with the logs of the rest)."""
        end = time.monotonic() + seconds
        while ill := [service_of(c) for c in self.containers(stopped=True) if not well(c)]:
            if time.monotonic() > end:
                raise CommandFailed(f"not healthy after {seconds:.0f} s: {', '.join(sorted(ill))}\n{self.logs(*ill)}")
            time.sleep(0.3)

    def logs(self, *services: str, lines: int = LOG_LINES) -> str:
        """Give the last lines of some services' logs."""
        said: list[str] = []
        for container in self.containers(*services, stopped=True):
            said.append(f"-- {service_of(container)} ({container['State']['Status']}):")
            said.extend(self.log_of(container).splitlines()[-lines:])
        return "\n".join(said)

    def log_of(self, container: dict[str, Any]) -> str:
        """Give all that a container has said, both streams."""
        done = self.engine.attempt("logs", container["Id"], seconds=120)
        return done.stdout + (done.stderr if done.returncode == 0 else "")

    def execute(self, container: dict[str, Any], *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in a container; gives what came of it, also a failure."""
        return self.engine.attempt("exec", container["Id"], *command, seconds=120)

    def replay(self, plan: Path, scale: str = "1") -> dict[str, Any]:
        """Replay a plan to its end through the published port: exact, or CommandFailed."""
        jobplus = Path(sys.executable).with_name("jobplus")
        command = [jobplus, "replay", plan, "--scale", scale, "--at", self.address, "--keys", self.keys, "--json"]
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=1800)
        expect(done.returncode == 0, f"the replay ended with {done.returncode}: {(done.stderr + done.stdout)[-3000:]}")
        return json.loads(done.stdout.splitlines()[-1])


def service_of(container: dict[str, Any]) -> str:
    """Name the compose service of a container."""
    return container["Config"]["Labels"]["com.docker.compose.service"]


def health_of(container: dict[str, Any]) -> str | None:
    """Give a container's health since it was last started, None before its first check or when it has none."""
    state = container["State"]
    checked = state.get("Health") or state.get("Healthcheck") or {}
    looks = [datetime.fromisoformat(look["Start"]) for look in checked.get("Log") or []]
    if not looks or looks[-1] < datetime.fromisoformat(state["StartedAt"]):
        return None
    return checked["Status"]


def well(container: dict[str, Any]) -> bool:
    """Tell whether a container is as it should be: a job done, anything else running and healthy."""
    state = container["State"]
    if service_of(container) in (*JOBS, FEED_JOB):
        return state["Status"] == "exited" and state["ExitCode"] == 0
    return state["Status"] == "running" and health_of(container) == "healthy"


def ended_well(container: dict[str, Any]) -> bool:
    """Tell whether a container that was asked to end has done so by itself. Java ends with 143 then."""
    state = container["State"]
    return state["Status"] == "exited" and state["ExitCode"] in ({0, 143} if service_of(container) == "kafka" else {0})


def processes_of(container: dict[str, Any]) -> list[Path]:
    """List the processes of a container, as folders of this machine's /proc: those in its own pid namespace."""
    namespace = os.readlink(f"/proc/{container['State']['Pid']}/ns/pid")
    found: list[Path] = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.readlink(process / "ns/pid") == namespace:
                found.append(process)
    return found
