"""One Kafka node in a folder: its settings there, and the commands that run its programs."""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from jobplus.stack.jars import kafka_jars
from jobplus.stack.ports import HOST
from jobplus.stack.wheels import java

# The replication factors are 1 because there is one node. Nothing here uses Kafka's transactions and share
# groups, and a local group needs few offset partitions: fewer partitions start and stop faster.
# A node that was killed can register again only when its old session is over: 9 s by default.
# Tests ask for members of groups that are missed sooner than Kafka's least of 6 s.
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
group.min.session.timeout.ms=1000
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


def log_folder(folder: Path) -> Path:
    """Where the node in a folder keeps its topics."""
    return folder / "log"


def unpacked_folder(folder: Path) -> Path:
    """Where the node in a folder unpacks the native parts of its libraries: what is killed can't remove them."""
    return folder / "unpacked"


def properties(folder: Path) -> Path:
    """The file of the node's settings."""
    return folder / "server.properties"


def write_settings(folder: Path, broker_port: int, controller_port: int) -> None:
    """Make the folder, and write the settings of a node that listens on these ports; none runs in it."""
    folder.mkdir(exist_ok=True)
    shutil.rmtree(unpacked_folder(folder), ignore_errors=True)
    unpacked_folder(folder).mkdir()
    settings = _PROPERTIES.format(
        host=HOST, broker=broker_port, controller=controller_port, data=_escaped(log_folder(folder))
    )
    properties(folder).write_text(settings)
    (folder / "log4j2.properties").write_text(_LOGGING)


def node_command(folder: Path, java_options: Sequence[str] = ()) -> tuple[str, ...]:
    """The command that runs the node in a folder."""
    return _java(folder, ("-Xmx512m", *java_options), "kafka.Kafka", str(properties(folder)))


def format_command(folder: Path, cluster_id: str) -> tuple[str, ...]:
    """The command that makes a node's data folder, before its first start."""
    program = ("kafka.tools.StorageTool", "format", "-t", cluster_id, "-c", str(properties(folder)))
    return _java(folder, ("-Xmx128m",), *program)


def node_environment(inherited: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What Java needs to open a folder whose path isn't ASCII, whatever the language of the terminal."""
    return {**inherited, "LC_ALL": "C.UTF-8"}


def _java(folder: Path, options: Sequence[str], *arguments: str) -> tuple[str, ...]:
    return (
        str(java()),
        *options,
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        "-Djava.awt.headless=true",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        f"-Djava.io.tmpdir={unpacked_folder(folder)}",
        f"-Dlog4j2.configurationFile={folder / 'log4j2.properties'}",
        "-cp",
        f"{kafka_jars()}/*",
        *arguments,
    )


def _escaped(path: Path) -> str:
    """A path in a Java properties file, which is ASCII and gives the backslash a meaning."""
    return "".join(
        c if c.isascii() and c != "\\" else "".join(f"\\u{unit:04x}" for unit in _utf16(c)) for c in str(path)
    )


def _utf16(character: str) -> list[int]:
    encoded = character.encode("utf-16-be")
    return [int.from_bytes(encoded[i : i + 2], "big") for i in range(0, len(encoded), 2)]
