"""Kafka as docker-compose.yml has it, on 127.0.0.1: with its settings, and with what deploy/make-secrets.sh makes."""

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from jobplus.stack.jars import kafka_jars
from jobplus.stack.wheels import java
from tests.kit.waiting import until

ROOT = Path(__file__).parents[2]
CLUSTER = "5L6g3nShT-eMCtK--X86sw"
FEWER = {
    "offsets.topic.num.partitions": "1",
    "transaction.state.log.num.partitions": "1",
    "share.coordinator.state.topic.num.partitions": "1",
}
"""Of what a test needs few, for it to start sooner."""
STARTED_SECONDS = 240
"""Java compiles all of it anew: on a machine that is busy otherwise it takes minutes."""


@dataclass(frozen=True)
class Secured:
    """Where it is, for services and for partners, and the folder that make-secrets.sh made."""

    servers: str
    partners: str
    secrets: Path

    def settings(self, user: str = "admin") -> dict[str, str]:
        """What a client must be told to come as a user."""
        return {
            "JOBPLUS_KAFKA_SERVERS": self.servers,
            "JOBPLUS_KAFKA_SECURITY": "SASL_SSL",
            "JOBPLUS_KAFKA_CA_FILE": str(self.secrets / "trust/ca.pem"),
            "JOBPLUS_KAFKA_USER": user,
            "JOBPLUS_KAFKA_PASSWORD_FILE": str(self.secrets / f"{user}.kafka"),
        }


class Node:
    """Kafka in a folder, on four ports from `port`."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.servers = f"127.0.0.1:{port}"
        self.partners = f"127.0.0.1:{port + 3}"
        self.secrets = folder / "deploy/secrets"

    def make_secrets(self) -> None:
        """Make them as who deploys does, and a folder of passwords as compose hands it to the topics job."""
        shutil.copytree(ROOT / "deploy", self.folder / "deploy", ignore=shutil.ignore_patterns("secrets", "keys"))
        subprocess.run([self.folder / "deploy/make-secrets.sh"], check=True, capture_output=True)
        shutil.copytree(self.secrets / "kafka-tls", self.secrets / "partners-tls")
        passwords = self.folder / "passwords"
        passwords.mkdir()
        for file in self.secrets.glob("*.kafka"):
            shutil.copy(file, passwords / f"{file.stem}_kafka")

    def properties(self) -> dict[str, str]:
        """The settings of the compose file, and of what lets partners in, as Kafka's image reads them: on these ports,
        in this folder."""
        given: dict[str, str] = {}
        for file in ("docker-compose.yml", "deploy/partners.yml"):
            given |= yaml.safe_load(self._here((ROOT / file).read_text()))["services"]["kafka"]["environment"]
        kafkas = {_property(name): value for name, value in given.items() if name.startswith("KAFKA_")}
        return {name: value for name, value in kafkas.items() if name not in {"heap.opts", "opts"}} | FEWER

    def _here(self, text: str) -> str:
        """Give a compose file's text with this machine's addresses and folders."""
        text = re.sub(r"\$\{JOBPLUS_PARTNERS_ADDRESS:[^}]*\}", self.partners, text.replace("$$", "$"))
        for ours, here in (
            ("/run/partners-tls", str(self.secrets / "partners-tls")),
            ("://:9095", f"://{self.partners}"),
            ("/run/tls", str(self.secrets / "kafka-tls")),
            ("/run/trust", str(self.secrets / "trust")),
            ("/var/lib/kafka/data", str(self.folder / "data")),
            ("://:9092", f"://{self.servers}"),
            ("//kafka:9092", f"//{self.servers}"),
            (":9093", f":{self.port + 1}"),
            (":9094", f":{self.port + 2}"),
        ):
            text = text.replace(ours, here)
        return text

    def format(self, properties: dict[str, str], *more: str) -> None:
        """Make its data, with what else is given."""
        self._write(properties)
        named = ("format", f"--cluster-id={CLUSTER}", "-c", str(self._file))
        self.run("kafka.tools.StorageTool", *named, *more)

    def format_with_admin(self) -> None:
        """Make its data with the admin in it, as deploy/kafka-start.sh does."""
        password = (self.secrets / "admin.kafka").read_text()
        first = self.folder / "first-user"
        first.write_text(f"--add-scram\nSCRAM-SHA-512=[name=admin,password={password}]\n")
        self.format(self.properties(), f"@{first}")

    def run(self, program: str, *arguments: str) -> str:
        """Run one of Kafka's programs; gives what it said."""
        command = [*self._java, program, *arguments]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def running(self, properties: dict[str, str]) -> Iterator[None]:
        """Run it with these settings; returns once it listens."""
        self._write(properties)
        with (self.folder / "kafka.log").open("ab") as log:
            command = [*self._java, "kafka.Kafka", str(self._file)]
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
            try:
                said = f"Kafka listens, as {self.folder}/kafka.log should say"
                until(lambda: _listens(self.port), said, seconds=STARTED_SECONDS)
                yield
            finally:
                process.terminate()
                process.wait(60)

    @property
    def _java(self) -> list[str]:
        return [str(java()), "-Xmx256m", "-XX:+UseSerialGC", "-cp", f"{kafka_jars()}/*"]

    @property
    def _file(self) -> Path:
        return self.folder / "server.properties"

    def _write(self, properties: dict[str, str]) -> None:
        self._file.write_text("".join(f"{name}={value}\n" for name, value in properties.items()))


def _property(variable: str) -> str:
    """Name a setting as Kafka's image does that stands in a variable of its environment."""
    signs = {"_": ".", "__": "_", "___": "-"}
    return re.sub("_+", lambda found: signs[found[0]], variable.removeprefix("KAFKA_").lower())


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def secured_kafka(folder: Path, port: int) -> Iterator[Secured]:
    """Run it on 127.0.0.1, on four ports from `port`, with its admin and no other user."""
    node = Node(folder, port)
    node.make_secrets()
    node.format_with_admin()
    with node.running(node.properties()):
        yield Secured(node.servers, node.partners, node.secrets)
