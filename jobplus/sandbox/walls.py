"""The sandbox's Kafka as partners meet it: beside the centre's own listener, which is plain, one by TLS and
SCRAM-SHA-512, on which a user may do what it was granted and nothing else."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from jobplus.partners import granting
from jobplus.partners.records import Records, asked, today
from jobplus.stack.errors import StackFailed
from jobplus.stack.local import Stack
from jobplus.stack.ports import HOST
from jobplus.stack.processes import Launcher

DEPLOY = Path(__file__).parents[2] / "deploy"
PORT = 94
"""Of the listener, behind the stack's first port."""
DAYS = 365
GROUND = "a sandbox: its persons and firms are invented"
_LOGIN = "org.apache.kafka.common.security.scram.ScramLoginModule required;"


class Walled:
    """Starts a stack's processes by another launcher, Kafka with one more listener."""

    def __init__(self, launcher: Launcher, folder: Path) -> None:
        self._launcher = launcher
        self._folder = folder

    def start(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
        given = [*command, *self._more(Path(command[-1]))] if "kafka.Kafka" in command else command
        return self._launcher.start(given, environment, log)

    def run(self, command: Sequence[str], environment: Mapping[str, str], log: Path, seconds: float) -> int | None:
        return self._launcher.run(command, environment, log, seconds)

    def _more(self, properties: Path) -> list[str]:
        _make_certificates(self._folder)
        stand = dict(line.split("=", 1) for line in properties.read_text().splitlines())
        here = at(int(stand["advertised.listeners"].rpartition(":")[2]))
        added = {
            "listeners": f"{stand['listeners']},PARTNERS://{here}",
            "advertised.listeners": f"{stand['advertised.listeners']},PARTNERS://{here}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PARTNERS:SASL_SSL",
            "sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "listener.name.partners.scram-sha-512.sasl.jaas.config": _LOGIN,
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(secrets_in(self._folder) / "kafka-tls/both.pem"),
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:ANONYMOUS",  # the centre itself, which comes in plain text
        }
        return [part for name, value in added.items() for part in ("--override", f"{name}={value}")]


def at(base_port: int) -> str:
    """Give where partners find Kafka."""
    return f"{HOST}:{base_port + PORT}"


def secrets_in(folder: Path) -> Path:
    """Give where the certificates are."""
    return folder / "deploy/secrets"


def _make_certificates(folder: Path) -> None:
    """Make the certificates in a folder, where they aren't there yet (raises StackFailed)."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if not (folder / "deploy").exists():
        shutil.copytree(DEPLOY, folder / "deploy", ignore=shutil.ignore_patterns("secrets", "keys", "partners", "site"))
    done = subprocess.run([folder / "deploy/make-secrets.sh"], check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise StackFailed(f"deploy/make-secrets.sh made no certificates: {done.stderr.strip()}")


def let_in(stack: Stack, folder: Path, name: str, topics: Sequence[str], writes: Sequence[str], file: Path) -> None:
    """Give a partner its rights, its own topics and its credentials, where it has none yet; Kafka runs (raises
    StackFailed)."""
    if file.exists():
        return
    records = folder / "partners"
    records.mkdir(exist_ok=True)
    partner = asked(name, topics, GROUND, today() + timedelta(days=DAYS), today(), writes)
    password = granting.grant(Records(records), partner, {"bootstrap_servers": [stack.kafka_servers]}, today())
    granting.hand_over(file, partner, password, at(stack.base_port), secrets_in(folder) / "trust/ca.pem")
