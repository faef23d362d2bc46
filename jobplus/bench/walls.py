"""A benchmark's stack with what docker-compose.yml has between services and servers: Kafka by TLS and SCRAM-SHA-512,
PostgreSQL by TLS, both with their certificates checked. To measure what that costs, beside the same without.

What measures goes on to come in plain text, by listeners of its own; rights aren't asked for.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from jobplus.stack.errors import StackFailed
from jobplus.stack.local import Stack
from jobplus.stack.ports import HOST
from jobplus.stack.spawning import Detached
from jobplus.stack.tls_postgres import fetch_server_with_tls, server_with_tls
from jobplus.stack.wheels import postgres_programs

DEPLOY = Path(__file__).parents[2] / "deploy"
USER = "intake"
"""As whom every service comes: one whose password deploy/make-secrets.sh makes."""
PORT = 94
"""Of Kafka's listener by TLS, behind the stack's first port."""
_LOGIN = "org.apache.kafka.common.security.scram.ScramLoginModule required;"


class Walled(Detached):
    """Starts a stack's processes with walls, by what make-secrets.sh made in a folder."""

    def __init__(self, secrets: Path, base_port: int) -> None:
        self._secrets = secrets
        self._at = f"{HOST}:{base_port + PORT}"

    @property
    def settings(self) -> dict[str, str]:
        """What the services are set to."""
        authority = str(self._secrets / "trust/ca.pem")
        return {
            "KAFKA_SERVERS": self._at,
            "KAFKA_SECURITY": "SASL_SSL",
            "KAFKA_CA_FILE": authority,
            "KAFKA_USER": USER,
            "KAFKA_PASSWORD_FILE": str(self._secrets / f"{USER}.kafka"),
            "DATABASE_TLS": "true",
            "DATABASE_CA_FILE": authority,
        }

    def start(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
        return super().start(self._walled(command), environment, log)

    def _walled(self, command: Sequence[str]) -> list[str]:
        if "kafka.Kafka" in command:
            return [*command, *self._kafka(Path(command[-1]))]
        plain = str(postgres_programs() / "postgres")
        if plain in command:
            place = self._secrets / "postgres-tls"
            tls = {"ssl": "on", "ssl_cert_file": place / "server.pem", "ssl_key_file": place / "own.key"}
            given = [part for name, value in tls.items() for part in ("-c", f"{name}={value}")]
            return [str(server_with_tls() / "postgres") if part == plain else part for part in command] + given
        return [*command]

    def _kafka(self, properties: Path) -> list[str]:
        """Add a listener to those that a node has."""
        stand = dict(line.split("=", 1) for line in properties.read_text().splitlines())
        added = {
            "listeners": f"{stand['listeners']},SERVICES://{self._at}",
            "advertised.listeners": f"{stand['advertised.listeners']},SERVICES://{self._at}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SERVICES:SASL_SSL",
            "sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "listener.name.services.scram-sha-512.sasl.jaas.config": _LOGIN,
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(self._secrets / "kafka-tls/both.pem"),
        }
        return [part for name, value in added.items() for part in ("--override", f"{name}={value}")]

    def let_in(self, stack: Stack) -> None:
        """Start the servers, and make the one user of Kafka."""
        from jobplus.stack.users import make_users

        stack.up(services=False)
        password = (self._secrets / f"{USER}.kafka").read_text()
        make_users({"bootstrap_servers": [stack.kafka_servers]}, {USER: password})


@contextmanager
def walls(base_port: int) -> Generator[Walled]:
    """Make what a stack with walls needs, and remove it afterwards (raises StackFailed)."""
    fetch_server_with_tls()
    folder = Path(mkdtemp(prefix="jobplus-walls-"))
    try:
        folder.chmod(0o755)
        shutil.copytree(DEPLOY, folder / "deploy", ignore=shutil.ignore_patterns("secrets", "keys"))
        done = subprocess.run([folder / "deploy/make-secrets.sh"], check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise StackFailed(f"deploy/make-secrets.sh made no certificates: {done.stderr.strip()}")
        secrets = folder / "deploy/secrets"
        secrets.chmod(0o755)
        _make_own(secrets / "postgres-tls")
        yield Walled(secrets, base_port)
    finally:
        shutil.rmtree(folder)


def _make_own(place: Path) -> None:
    """Make a copy of the key that is the server's own, as deploy/postgres-start.sh does."""
    key = place / "own.key"
    shutil.copy(place / "server.key", key)
    key.chmod(0o600)
    if os.geteuid() == 0:
        account = pwd.getpwnam("nobody")
        os.chown(key, account.pw_uid, account.pw_gid)
