"""Apache Kafka as one KRaft node, broker and controller, bound to 127.0.0.1."""

import base64
import os
import subprocess
import uuid
from collections.abc import Mapping
from pathlib import Path

from jobplus.stack.errors import StackFailed
from jobplus.stack.home import Home
from jobplus.stack.jars import kafka_jars
from jobplus.stack.ports import HOST, controller_port, kafka_port
from jobplus.stack.wheels import java

_FORMAT_SECONDS = 60

# The replication factors are 1 because there is one node. Nothing here uses Kafka's transactions and share
# groups, and a local group needs few offset partitions: fewer partitions start and stop faster.
# A node that was killed can register again only when its old session is over: 9 s by default.
_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller}
listeners=PLAINTEXT://{host}:{broker},CONTROLLER://{host}:{controller}
advertised.listeners=PLAINTEXT://{host}:{broker}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
broker.session.timeout.ms=5000
group.initial.rebalance.delay.ms=0
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=4
"""

_LOGGING = """\
rootLogger.level=INFO
rootLogger.appenderRef.stdout.ref=STDOUT
appender.stdout.name=STDOUT
appender.stdout.type=Console
appender.stdout.layout.type=PatternLayout
appender.stdout.layout.pattern=%d %p %m (%c)%n
"""


def kafka_command(home: Home) -> tuple[str, ...]:
    """The command that runs Kafka on the data in the home."""
    return _java(home, "512m", "kafka.Kafka", str(_folder(home) / "server.properties"))


def kafka_environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """What Java needs to open a home whose path isn't ASCII, whatever the language of the terminal."""
    return {**inherited, "LC_ALL": "C.UTF-8"}


def prepare_kafka(home: Home, base_port: int) -> None:
    """Write Kafka's settings, and format its data folder before its first start."""
    folder = _folder(home)
    folder.mkdir(exist_ok=True)
    settings = _PROPERTIES.format(
        host=HOST, broker=kafka_port(base_port), controller=controller_port(base_port), data=_escaped(folder / "log")
    )
    (folder / "server.properties").write_text(settings)
    (folder / "log4j2.properties").write_text(_LOGGING)
    if not (folder / "log" / "meta.properties").exists():
        _format(home, folder / "server.properties")


def _format(home: Home, properties: Path) -> None:
    command = _java(home, "128m", "kafka.tools.StorageTool", "format", "-t", _new_cluster_id(), "-c", str(properties))
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=_FORMAT_SECONDS, env=kafka_environment(os.environ)
    )
    if done.returncode != 0:
        raise StackFailed(f"Kafka's data folder couldn't be formatted: {(done.stderr or done.stdout).strip()[-600:]}")


def _escaped(path: Path) -> str:
    """A path in a Java properties file, which is ASCII and gives the backslash a meaning."""
    return "".join(
        c if c.isascii() and c != "\\" else "".join(f"\\u{unit:04x}" for unit in _utf16(c)) for c in str(path)
    )


def _utf16(character: str) -> list[int]:
    encoded = character.encode("utf-16-be")
    return [int.from_bytes(encoded[i : i + 2], "big") for i in range(0, len(encoded), 2)]


def _folder(home: Home) -> Path:
    return home.data / "kafka"


def _java(home: Home, heap: str, *arguments: str) -> tuple[str, ...]:
    return (
        str(java()),
        f"-Xmx{heap}",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        "-Djava.awt.headless=true",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        f"-Dlog4j2.configurationFile={_folder(home) / 'log4j2.properties'}",
        "-cp",
        f"{kafka_jars()}/*",
        *arguments,
    )


def _new_cluster_id() -> str:
    """Kafka's form of a random UUID; one that begins with a dash would read as an option."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
        if not text.startswith("-"):
            return text
