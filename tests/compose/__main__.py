"""`make compose-test`: builds the images, runs docker-compose.yml and tries what a deployment promises.

1 build      an image a service, and what must hold for each
2 up         the whole system from the compose file alone, then with the test's override; jobs may run twice
3 replay     two years at 1/100 through the published port, exact; then a small odd plan on the profile `small`,
           where a partner reads its feed, and the site is given out
4 peak       a load, while containers are scaled, restarted, killed and rolled, until the last is over: exact
5 checks     users, file systems, secrets, databases, ports, logs
6 down       nothing is left

`--quick` leaves out part 4. On a failure the last lines of the logs of what failed are printed.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from jobplus.site.build import build
from jobplus.stack.ports import FEED, SERVICES
from tests.compose import building, checks, peak
from tests.compose.engine import CommandFailed, engine
from tests.compose.project import FEED_JOB, JOBS, LONG_RUNNING, ROOT, SERVERS, Project, at_once, expect, say
from tests.compose.standin import mounts_below, processes_below
from tests.thread.test_replay import PLANS

TWO_YEARS = ROOT / "plans/two-years.json"
ODD = "everybody placed over a new year"


def main() -> int:
    options = argparse.ArgumentParser(prog="compose-test", description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--quick", action="store_true", help="without the disturbances")
    given = options.parse_args()
    if os.geteuid() != 0:
        print(
            "compose-test looks into and kills the containers' processes from the host: run it as root", file=sys.stderr
        )
        return 2
    times: dict[str, float] = {}
    sizes: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="jobplus-compose-") as folder:
        home = Path(folder)
        try:
            _run(home, given, times, sizes)
        except CommandFailed as failure:
            before = failure.__context__ if failure.__cause__ is None else None
            if isinstance(before, CommandFailed):  # and what failed while it was taken down follows from it
                print(f"\ncompose-test failed\n{before}\n\nand then", file=sys.stderr)
            print(f"\ncompose-test failed\n{failure}", file=sys.stderr)
            return 1
        left = [*mounts_below(home), *map(str, processes_below(home))]
        if left:
            print(f"\ncompose-test failed\nleft behind: {left}", file=sys.stderr)
            return 1
    print("\ncompose-test: all as it should be")
    print("   ".join(f"{part} {seconds:.0f} s" for part, seconds in times.items()))
    print("   ".join(f"{image} {size / 1e6:.0f} MB" for image, size in sizes.items()))
    return 0


def _run(home: Path, given: argparse.Namespace, times: dict[str, float], sizes: dict[str, int]) -> None:
    with ExitStack() as stack:
        with _part("0 engine", times):
            found = stack.enter_context(engine(home / "engine"))
            say(found.name)
        (home / "project").mkdir()
        project = Project(found, home / "project")
        project.copy()
        try:
            with _part("1 build", times):
                sizes.update(building.build_all(project))
            _parts(project, given, times)
        except CommandFailed as failure:
            raise CommandFailed(f"{failure}\n{_last_words(project)}") from failure
        finally:
            with _part("6 down", times):
                project.wipe()
                project.remove_images()
                _check_nothing_left(project)
                stack.close()


def _parts(project: Project, given: argparse.Namespace, times: dict[str, float]) -> None:
    with _part("2 up", times):
        project.up()
        project.expect_services(*LONG_RUNNING, *SERVERS, *JOBS)
        say("all healthy from the base file alone, as production")
        checks.check_refusals(project)
        at_once(JOBS, lambda job: project.compose("run", "--rm", "--no-deps", "-T", job))
        say("topics and migrations ran a second time")
        project.wipe()
        project.simulated = True
        project.up()
    with _part("3 replay", times):
        _tell(project.replay(TWO_YEARS, "1/100"), "two years at 1/100")
        if given.quick:
            checks.check_all(project)
        project.wipe()
        _small(project)
        project.wipe()
    if not given.quick:
        with _part("4 peak", times):
            driven = peak.peak(project)
            _tell(driven, f"a load, disturbed until {driven['last']}")
        with _part("5 checks", times):
            checks.check_all(project)


def _small(project: Project) -> None:
    """A small town: one container a service, with the feed and the site. Replays an odd plan there, and tells the
    memory of it all."""
    plan = project.folder.parent / "odd.json"
    plan.write_text(json.dumps(PLANS[ODD]))
    project.variables["COMPOSE_PROFILES"] = f"small,{FEED}"
    build(project.folder / "deploy/site")
    project.up()
    _tell(project.replay(plan), f"{ODD!r} on the profile small")
    project.expect_services(*SERVICES, FEED, *SERVERS, *JOBS, FEED_JOB)
    checks.check_feed(project)
    checks.check_site(project)
    names = {c["Id"]: c["Config"]["Labels"]["com.docker.compose.service"] for c in project.containers()}
    used = project.engine.run("stats", "--no-stream", "--no-trunc", "--format", "{{.ID}} {{.MemUsage}}", *names)
    for line in used.splitlines():
        name, _, memory = line.partition(" ")
        say(f"memory of {names.get(name, name)}: {memory}")
    project.wipe()
    del project.variables["COMPOSE_PROFILES"]


def _tell(replayed: dict[str, object], what: str) -> None:
    counted = f"{replayed['actions']} actions in {replayed['driving_seconds']} s, {replayed['repeated']} repeated"
    say(f"{what}: exact; {counted}")


def _check_nothing_left(project: Project) -> None:
    label = f"label=com.docker.compose.project={project.name}"
    for kind in (("ps", "-aq"), ("volume", "ls", "-q"), ("network", "ls", "-q")):
        left = project.engine.run(*kind, "--filter", label).split()
        expect(not left, f"{' '.join(kind)} still lists {left}")
    images = project.engine.run("images", "--format", "{{.Tag}}").split()
    expect(not any(project.version in tag for tag in images), f"images of {project.version} are left")


def _last_words(project: Project) -> str:
    """The last lines of the logs of whatever is not well."""
    try:
        from tests.compose.project import service_of, well

        ill = [service_of(c) for c in project.containers(stopped=True) if not well(c)]
        return project.logs(*ill) if ill else "every container is healthy"
    except CommandFailed as failure:
        return f"and no logs can be had: {failure}"


@contextmanager
def _part(name: str, times: dict[str, float]) -> Iterator[None]:
    print(f"== {name}", file=sys.stderr, flush=True)
    started = time.monotonic()
    try:
        yield
    finally:
        times[name] = time.monotonic() - started
        say(f"{times[name]:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
