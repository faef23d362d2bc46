"""Part 5: what must hold in the running containers."""

import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex
from tempfile import mkdtemp
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from jobplus.stack.keys import Role, make_keys, sign_token
from tests.compose.project import (
    JOBS,
    LONG_RUNNING,
    SERVERS,
    SERVICES,
    Project,
    at_once,
    ended_well,
    expect,
    processes_of,
    say,
    service_of,
)
from tests.kit import forms
from tests.kit.waiting import until

PARTNER = "local-partner"
DENIED = "permission denied for database"

WRONG = (
    "JOBPLUS_CLOCK=simulated",
    "JOBPLUS_DATABASE_PORT=many",
    "JOBPLUS_JWKS=/run/secrets/none",
    "JOBPLUS_KAFKA_SECURITY=PLAINTEXT",
    "JOBPLUS_DATABASE_TLS=false",
    "JOBPLUS_ENVIRONMENT=",
)
"""Settings with which a service refuses to start in production."""

OPEN = """
import json, pathlib, psycopg, sys
user, *databases = sys.argv[1:]
password = pathlib.Path("/run/secrets/database_password").read_text().strip()
tls = {"sslmode": "verify-full", "sslrootcert": "/run/trust/ca.pem"}
came = {}
for database in databases:
    try:
        with psycopg.connect(host="postgres", user=user, password=password, dbname=database, **tls) as connection:
            came[database] = str(connection.execute("SELECT count(*) FROM pg_class").fetchone())
    except psycopg.OperationalError as error:
        came[database] = str(error)
print(json.dumps(came))
"""

WALLS = """
import asyncio, json, os, pathlib, psycopg
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from chassis.running.settings import KafkaSettings
from chassis.stream import kafka

def database(**tls):
    user, password = os.environ["JOBPLUS_DATABASE_USER"], pathlib.Path("/run/secrets/database_password").read_text()
    try:
        with psycopg.connect(host="postgres", user=user, password=password, dbname=user, **tls) as connection:
            row = connection.execute("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
            return str(row[0])
    except psycopg.OperationalError as error:
        return str(error)

async def write(topic, **changed):
    producer = AIOKafkaProducer(**{**kafka.connection(KafkaSettings()), **changed}, request_timeout_ms=5000)
    try:
        await producer.start()
        await producer.send_and_wait(topic, b"{}")
    except KafkaError as error:
        return type(error).__name__
    finally:
        await producer.stop()

print(json.dumps({
    "database": database(sslmode="verify-full", sslrootcert="/run/trust/ca.pem"),
    "database in plain text": database(sslmode="disable"),
    "another's topic": asyncio.run(write("jobplus.cases")),
    "Kafka in plain text": asyncio.run(write("jobplus.seekers", security_protocol="PLAINTEXT")),
    "Kafka without a user": asyncio.run(write("jobplus.seekers", security_protocol="SSL")),
    "Kafka with another password": asyncio.run(write("jobplus.seekers", sasl_plain_password="another")),
}))
"""


def check_feed(project: Project) -> None:
    """A partner that is linked to somebody reads one event of theirs through the proxy (raises CommandFailed)."""
    ask = _Asking(project)
    types = {"jobplus.SeekerWithdrawn": ["occurred_on"]}
    ask.post("/feed/grants", {"partner": PARTNER, "ground": "law", "law": "welfare act", "types": types})
    seeker_id = ask.post("/intake/seekers", forms.seeker())["seeker_id"]
    ask.post("/feed/links", {"partner": PARTNER, "client_number": "W-1", "seeker_id": seeker_id})
    ask.post(f"/intake/seekers/{seeker_id}/withdrawal", {"reason": "moved_away"})
    (event,) = ask.get("/feed/feed?timeout=15000", "partner")
    told = event["type"], event["subject"], [*event["data"]]
    expect(told == ("jobplus.SeekerWithdrawn", "W-1", ["occurred_on"]), f"the partner reads {event}")
    (passed_on,) = ask.get(f"/feed/seekers/{seeker_id}/passed-on", "manager")["passed_on"]
    expect(passed_on["client_number"] == "W-1", f"what was passed on is printed as {passed_on}")
    say("a partner has read one event of its client through the proxy, and it is printed for them")


def check_site(project: Project) -> None:
    """The site is given out, with the schemas beside it (raises CommandFailed)."""
    for path, kind in (("/site", "text/html"), ("/site/ko/index.html", "text/html"), ("/site/schemas/", None)):
        try:
            with urlopen(project.address + path, timeout=30) as answer:
                found = answer.headers.get_content_type()
        except HTTPError as error:
            found = None if error.code == 404 else str(error.code)
        expect(found == kind, f"{path} through the proxy is {found}, not {kind}")
    say("the site is given out through the proxy, and lists no folder")


class _Asking:
    """Asks a project through its proxy, by tokens of its own key."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def get(self, path: str, role: Role) -> Any:
        return self._answer(Request(self._project.address + path), role)

    def post(self, path: str, form: Any) -> Any:
        """Ask as a manager, again for as long as an id hasn't been heard of."""
        body = json.dumps(form).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": token_hex(8)}
        asked = Request(self._project.address + path, body, headers)

        def answer() -> Any:
            try:
                return self._answer(asked, "manager")
            except HTTPError as error:
                said = error.read().decode()
                expect(error.code == 503 or "not-yet-known" in said, f"{path}: {error.code} {said}")
                return None

        return until(answer, f"{path} is answered")

    def _answer(self, asked: Request, role: Role) -> Any:
        asked.add_header("Authorization", f"Bearer {sign_token(self._project.keys, role)}")
        with urlopen(asked, timeout=30) as answer:
            return json.load(answer)


def check_all(project: Project) -> None:
    """Check the running project, and stop it; each check tries what it says (raises CommandFailed)."""
    containers = project.containers()
    expect({service_of(c) for c in containers} >= {*LONG_RUNNING, *SERVERS}, "not every service runs")
    processes = sum(at_once(containers, lambda container: _check_user_and_files(project, container)))
    say(f"{processes} processes in {len(containers)} containers: none is root's, every root file system is read-only")
    _check_secrets(project)
    _check_databases(project)
    _check_walls(project)
    _check_ports(project)
    _check_proxy(project)
    _check_keys(project)
    _check_end(project)
    _check_logs(project)


def _check_user_and_files(project: Project, container: dict[str, Any]) -> int:
    """Nothing runs as root, and nothing can be written into the root file system; gives the number of processes."""
    service, processes = service_of(container), processes_of(container)
    for process in processes:
        status = (process / "status").read_text()
        uids = re.search(r"^Uid:\s+(.*)$", status, re.M)
        expect(uids is not None and "0" not in uids[1].split(), f"a process of {service} runs as root: {uids}")
    expect(container["HostConfig"]["ReadonlyRootfs"], f"{service} may write into its root file system")
    tried = project.execute(container, "sh", "-c", "echo x > /written")
    expect(tried.returncode != 0 and "ead-only file system" in tried.stderr, f"{service} could write: {tried.stderr}")
    return len(processes)


def _check_secrets(project: Project) -> None:
    folder = project.folder / "deploy/secrets"
    secrets = {path.name: path.read_text().strip() for path in folder.iterdir() if path.is_file()}
    told = json.dumps(project.containers(stopped=True))
    expect(not any(secret in told for secret in secrets.values()), "inspecting a container tells a secret")
    at_once(project.containers(*LONG_RUNNING), lambda container: _check_own(project, container, secrets))
    say("each service holds its own passwords and its own secret, and no other, and inspecting tells none")


_KEYS = {"marks_key": "marks", "oidc_secret": "oidc", "session_key": "session", "webhook_key": "webhooks"}
"""By which name a container finds a key, and how the file ends in which the operators keep it."""


def _check_own(project: Project, container: dict[str, Any], secrets: Mapping[str, str]) -> None:
    service = service_of(container).partition("-")[0]
    names = project.execute(container, "ls", "/run/secrets").stdout.split()
    keys = [target for target in _KEYS if f"{service}.{_KEYS[target]}" in secrets]
    own = ["database_password", "kafka_password", *keys]
    expect(names == own, f"{service} has other secrets: {names}")
    listed = project.execute(container, "sh", "-c", "cat /run/secrets/*").stdout
    for name, secret in secrets.items():
        expect((secret in listed) == (name.partition(".")[0] == service), f"{service} and {name}: {listed[:40]}")


def _check_databases(project: Project) -> None:
    def check(service: str) -> None:
        databases = (*SERVICES, "postgres", "template1")
        tried = project.execute(project.container(f"{service}-api"), "python", "-c", OPEN, service, *databases)
        expect(tried.returncode == 0, f"{service} can't try databases: {tried.stderr}")
        for database, came in json.loads(tried.stdout).items():
            as_wanted = re.fullmatch(r"\([0-9]+,\)", came) if database == service else DENIED in came
            expect(bool(as_wanted), f"{service} and the database {database}: {came}")

    at_once(SERVICES, check)
    say("no service's role can open another's database, or the superuser's")


def _check_walls(project: Project) -> None:
    """Nobody comes to PostgreSQL or Kafka in plain text, none writes on another's topic, and the admin's password can
    be another one."""
    tried = project.execute(project.container("intake-api"), "python", "-c", WALLS)
    expect(tried.returncode == 0, f"the walls can't be tried: {tried.stderr}")
    came = json.loads(tried.stdout.splitlines()[-1])
    expect("no encryption" in came.pop("database in plain text"), f"PostgreSQL takes plain text: {tried.stdout}")
    expect(
        came
        == {
            "database": "TLSv1.3",
            "another's topic": "TopicAuthorizationFailedError",
            "Kafka in plain text": "KafkaConnectionError",
            "Kafka without a user": "KafkaConnectionError",
            "Kafka with another password": "KafkaConnectionError",
        },
        f"the walls: {came}",
    )
    # the file's own content, since a container keeps the file that it was given
    (project.folder / "deploy/secrets/admin.kafka").write_text(token_hex(24))
    turned = project.execute(project.container("kafka"), "bash", "/mnt/kafka-admin.sh")
    expect(turned.returncode == 0, f"the admin of Kafka has no new password: {turned.stdout}{turned.stderr}")
    project.compose("run", "--rm", "--no-deps", "-T", "topics")
    say("neither PostgreSQL nor Kafka takes plain text, nor Kafka what intake writes on another's topic")


def _check_ports(project: Project) -> None:
    for container in project.containers():
        published = [
            (binding.get("HostIp"), binding.get("HostPort"))
            for bindings in (container["NetworkSettings"]["Ports"] or {}).values()
            for binding in bindings or []
        ]
        wanted = [("127.0.0.1", str(project.port))] if service_of(container) == "proxy" else []
        expect(published == wanted, f"{service_of(container)} publishes {published}")
    say(f"only the proxy is published, on 127.0.0.1:{project.port}")


def _check_proxy(project: Project) -> None:
    """What is for operators alone isn't to be had through the proxy; it is from within."""
    inside = "from urllib.request import urlopen; print(urlopen('http://intake-api:8001/metrics').status)"
    within = project.execute(project.container("intake-api"), "python", "-c", inside)
    expect(within.stdout.strip() == "200", f"no metrics from within: {within.stdout}{within.stderr}")
    for path, wanted in (("/intake/metrics", 404), ("/intake/health/ready", 404), ("/intake/openapi.json", 200)):
        try:
            status = urlopen(project.address + path, timeout=30).status
        except HTTPError as error:
            status = error.code
        expect(status == wanted, f"{path} through the proxy gives {status}")
    say("metrics and health are for the inside only")
    for path, wanted in (("/", 200), ("/en/", 200), ("/fr/", 404), ("/assets/pages.css", 200), ("/figures", 404)):
        try:
            status = urlopen(project.address + path, timeout=30).status
        except HTTPError as error:
            status = error.code
        expect(status == wanted, f"{path} through the proxy gives {status}")
    say("the pages of the releases are the proxy's own, without a token")


def _check_keys(project: Project) -> None:
    """A key that comes while the containers run is taken, and the one before it still is."""
    tomorrows = Path(mkdtemp(prefix="keys-", dir=project.folder.parent))
    make_keys(tomorrows)
    expect(_asked(project, tomorrows) == 401, "a token of a key that nobody was told of is taken")
    project.trust(project.keys, tomorrows)
    until(lambda: _asked(project, tomorrows), "a token of the new key is taken", lambda status: status == 200)
    expect(_asked(project, project.keys) == 200, "a token of the key before is no longer taken")
    say("the file of the keys was replaced while all ran: tokens of the new key and of the one before are taken")


def _asked(project: Project, keys: Path) -> int:
    """Ask intake with a token that a key signs; gives the status."""
    headers = {"Authorization": f"Bearer {sign_token(keys, 'manager')}"}
    try:
        return urlopen(Request(f"{project.address}/intake/counsellors?limit=1", headers=headers), timeout=30).status
    except HTTPError as error:
        return error.code


def _check_end(project: Project) -> None:
    """Stopped as a whole, everything ends by itself, and so the services before what they need until then."""
    started = time.monotonic()
    project.compose("stop")
    for container in project.containers(stopped=True):
        expect(ended_well(container), f"{service_of(container)} ended with {container['State']}")
    say(f"stopped as a whole in {time.monotonic() - started:.0f} s, and everything ended by itself")


def _check_logs(project: Project) -> None:
    """Every line that our containers and the proxy have said is one JSON object, and nothing was cut off."""
    containers = project.containers(*LONG_RUNNING, *JOBS, "proxy", stopped=True)
    lines = 0
    for container, log in zip(containers, at_once(containers, project.log_of), strict=True):
        for line in log.splitlines():
            if not line.strip():
                continue
            try:
                told = json.loads(line)
            except ValueError:
                told = None
            expect(isinstance(told, dict), f"{service_of(container)} said something that is no JSON object: {line}")
            expect(told.get("event") != "cut_off", f"{service_of(container)} cut something off: {line}")
            lines += 1
    say(f"{lines} lines of logs, each one JSON object")


def check_refusals(project: Project) -> None:
    """The base file is for production and refuses a simulated clock; a wrong setting is named in one line."""

    def refused(given: str) -> str:
        done = project.attempt("run", "--rm", "--no-deps", "-T", "-e", given, "intake-migrate")
        said = [line for line in done.stdout.splitlines() + done.stderr.splitlines() if "JOBPLUS_" in line]
        named = given.partition("=")[0]
        expect(done.returncode == 2 and len(said) == 1 and named in said[0], f"{given}: {done.stdout}{done.stderr}")
        return said[0]

    for line in at_once(WRONG, refused):
        say(f"refused: {line}")
