"""Part 4: under a load, the peak season and a bad night: scaled, restarted, killed, rolled, and still exact."""

import os
import signal
import time
from collections.abc import Callable
from typing import Any

from tests.compose.building import build
from tests.compose.loading import loading
from tests.compose.project import (
    LONG_RUNNING,
    SERVERS,
    Project,
    ended_well,
    expect,
    health_of,
    say,
    service_of,
)

GRACE_SECONDS = {"kafka": 60, "postgres": 60}
"""What the compose file gives them; all others have 30 s."""
MIGRATION = """\
-- depends: reporting-0001-ledger-and-figures
CREATE TABLE rolled (at timestamptz NOT NULL DEFAULT now());
"""


ROLLED = """
import pathlib, psycopg
password = pathlib.Path("/run/secrets/database_password").read_text().strip()
tls = {"sslmode": "verify-full", "sslrootcert": "/run/trust/ca.pem"}
with psycopg.connect(host="postgres", user="reporting", password=password, dbname="reporting", **tls) as connection:
    print(connection.execute("SELECT to_regclass('rolled') IS NOT NULL").fetchone()[0])
"""


def disturb(project: Project) -> None:
    """Do everything that operators and bad luck do to the running project; raises CommandFailed."""
    _timed("intake's api to 3, matching's worker to 2", lambda: _scale(project, 3, 2))
    for service in (*LONG_RUNNING, *SERVERS):
        for container in project.containers(service):
            _restart(project, container)
    _timed("back to one of each", lambda: _scale(project, 1, 1))
    for service in ("kafka", "postgres"):
        _timed(f"{service} killed, and well again by itself", lambda service=service: _kill(project, service))
    _timed("reporting rolled to a new image with a new migration", lambda: _roll(project, f"{project.version}-next"))
    _timed("and back to the old one", lambda: _roll(project, project.version))
    told = project.execute(project.container("reporting-api"), "python", "-c", ROLLED)
    expect(told.stdout.strip() == "True", f"the new migration isn't applied: {told.stdout}{told.stderr}")


def _prepare_next(project: Project) -> None:
    """Build reporting's next image: a new migration in it."""
    migration = project.folder / "services/reporting/migrations/reporting-9999-rolled.sql"
    migration.write_text(MIGRATION)
    build(project, "reporting", f"{project.version}-next")
    migration.unlink()


def _timed(what: str, do: Callable[[], object]) -> None:
    started = time.monotonic()
    do()
    say(f"{what}: {time.monotonic() - started:.0f} s")


def _scale(project: Project, apis: int, workers: int) -> None:
    project.compose(
        *("up", "-d", "--no-build", "--no-recreate", "--no-deps"),
        *("--scale", f"intake-api={apis}", "--scale", f"matching-worker={workers}", "intake-api", "matching-worker"),
    )
    project.wait_until_healthy()
    for service, wanted in (("intake-api", apis), ("matching-worker", workers)):
        found = len(project.containers(service))
        expect(found == wanted, f"{found} containers of {service} run instead of {wanted}")


def _restart(project: Project, container: dict[str, Any]) -> None:
    """Stop a container as an operator does: within its grace, nothing cut off; start it, and see it healthy."""
    service, grace = service_of(container), GRACE_SECONDS.get(service_of(container), 30)
    started = time.monotonic()
    expect(container["Config"]["StopTimeout"] == grace, f"{service} is given {container['Config']['StopTimeout']} s")
    project.engine.run("stop", container["Id"], seconds=grace + 60)
    took = time.monotonic() - started
    stopped = next(c for c in project.containers(service, stopped=True) if c["Id"] == container["Id"])
    expect(took < grace, f"{service} took {took:.0f} s to stop")
    expect(ended_well(stopped), f"{service} stopped with {stopped['State']['ExitCode']}")
    project.engine.run("start", container["Id"])
    project.wait_until_healthy()
    say(f"{service}: stopped in {took:.1f} s, healthy {time.monotonic() - started - took:.1f} s after its start")


def _kill(project: Project, service: str) -> None:
    """Kill the processes from the host: to the engine that is a crash, and the container starts again by itself."""
    before = project.container(service)["State"]
    os.kill(before["Pid"], signal.SIGKILL)
    end = time.monotonic() + 150
    while True:
        after = project.container(service)
        state = after["State"]
        if state["Status"] == "running" and state["StartedAt"] != before["StartedAt"] and health_of(after) == "healthy":
            break
        expect(time.monotonic() < end, f"{service} didn't come back by itself: {state}\n{project.logs(service)}")
        time.sleep(0.3)
    project.wait_until_healthy()


def _roll(project: Project, version: str) -> None:
    services = [f"reporting-{role}" for role in ("api", "worker", "relay")]
    project.up(*services, JOBPLUS_REPORTING_VERSION=version)
    for container in project.containers(*services):
        label = container["Config"]["Labels"]["org.opencontainers.image.version"]
        expect(label == version, f"{service_of(container)} runs {label} instead of {version}")


def peak(project: Project) -> dict[str, Any]:
    """Bring the project up and disturb it under a load that goes on until all of that is over; gives what the load came
    to: exact."""
    with loading(project) as load:
        _prepare_next(project)
        project.up()
        load.begin()
        disturb(project)
        driven = load.finish()
    project.wait_until_healthy()
    return driven
