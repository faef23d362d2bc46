"""Apache Kafka as one KRaft node, broker and controller, bound to 127.0.0.1."""

from collections.abc import Mapping
from pathlib import Path

from jobplus.stack.home import Home
from jobplus.stack.kafka_cache import class_archive_options, copy_formatted
from jobplus.stack.kafka_node import log_folder, node_command, node_environment, write_settings
from jobplus.stack.ports import controller_port, kafka_port

_COMPILE_LESS = ("-XX:TieredStopAtLevel=1",)
"""Half of the work of a young Kafka is Java's compiling for a long life."""


def kafka_command(home: Home, *, brief: bool = False) -> tuple[str, ...]:
    """The command that runs Kafka on the data in the home; `brief` when it is for minutes only."""
    return node_command(_folder(home), (*class_archive_options(), *(_COMPILE_LESS if brief else ())))


def kafka_environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment that Kafka needs beside what is inherited."""
    return node_environment(inherited)


def prepare_kafka(home: Home, base_port: int) -> None:
    """Write Kafka's settings, and make its data folder before its first start."""
    folder = _folder(home)
    write_settings(folder, kafka_port(base_port), controller_port(base_port))
    if not (log_folder(folder) / "meta.properties").exists():
        copy_formatted(folder)


def _folder(home: Home) -> Path:
    return home.data / "kafka"
