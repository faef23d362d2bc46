"""What every Kafka here starts from, made once a machine and kept in the cache: each start is seconds shorter by it.

- its data folder, formatted, of which each stack gets a copy with ids of its own;
- its classes, loaded and checked, as an archive of class data that Java maps into memory.
"""

import asyncio
import base64
import hashlib
import re
import shutil
import signal
import subprocess
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

from jobplus.stack.cache import cache_folder, install
from jobplus.stack.errors import StackFailed
from jobplus.stack.jars import kafka_jars
from jobplus.stack.kafka_node import (
    format_command,
    log_folder,
    node_command,
    node_environment,
    write_settings,
)
from jobplus.stack.ports import HOST, controller_port, free_base_port, kafka_port
from jobplus.stack.wheels import java

_FORMAT_SECONDS = 60
_TRAINING_SECONDS = 120
_ARCHIVE = "classes.aot"


@dataclass(frozen=True)
class _Topic:
    name: str = "training"
    partitions: int = 1
    compacted: bool = False
    tombstone_days: int = 30


def class_archive_options() -> tuple[str, ...]:
    """Java's options by which a Kafka takes its classes from the archive; without one it loads them as ever."""
    archive = cache_folder() / _name("classes") / _ARCHIVE
    return (f"-XX:AOTCache={archive}", "-Xlog:aot*=off") if archive.exists() else ()


def make_class_archive() -> None:
    """See that the archive is there (raises StackFailed)."""
    install(_name("classes"), _archive_into)


def copy_formatted(folder: Path) -> None:
    """Give the node in a folder its formatted data folder, with ids that no other has (raises StackFailed)."""
    formatted = install(_name("formatted"), _format_into)
    unfinished = folder / "log.partial"
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(log_folder(formatted), unfinished)
    meta = unfinished / "meta.properties"
    meta.write_text(
        re.sub(r"(?m)^((?:cluster|directory)\.id)=.*$", lambda id_: f"{id_[1]}={_new_id()}", meta.read_text())
    )
    unfinished.rename(log_folder(folder))


def _name(what: str) -> str:
    """Name a folder of the cache after the versions of Java and Kafka, which are in the names of their own folders."""
    versions = hashlib.sha256(f"{java()} {kafka_jars()}".encode()).hexdigest()[:12]
    return f"kafka-{what}-{versions}"


def _format_into(folder: Path) -> None:
    write_settings(folder, *_ports())
    done = subprocess.run(
        format_command(folder, _new_id()),
        check=False,
        capture_output=True,
        text=True,
        timeout=_FORMAT_SECONDS,
        env=node_environment(),
    )
    if done.returncode != 0:
        raise StackFailed(f"Kafka's data folder couldn't be formatted: {(done.stderr or done.stdout).strip()[-600:]}")


def _archive_into(folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="jobplus-kafka-") as temporary:
        node = Path(temporary)
        broker, controller = _ports()
        write_settings(node, broker, controller)
        copy_formatted(node)
        command = node_command(node, [f"-XX:AOTCacheOutput={folder / _ARCHIVE}"])
        with (node / "output").open("wb") as output:
            running = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=node_environment())
            try:
                asyncio.run(_train(f"{HOST}:{broker}"))
                running.send_signal(signal.SIGTERM)
                running.wait(_TRAINING_SECONDS)
            finally:
                if running.poll() is None:
                    running.kill()
                    running.wait()
        if not (folder / _ARCHIVE).exists():
            said = (node / "output").read_text(errors="replace").strip()[-600:]
            raise StackFailed(f"Java kept no archive of Kafka's classes: {said}")


async def _train(servers: str) -> None:
    """Have a Kafka do once what it does for a stack, so that the classes of it are loaded."""
    from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

    from jobplus.stack.topics import make_topics

    topic = _Topic()
    await asyncio.to_thread(make_topics, servers, [topic], seconds=_TRAINING_SECONDS)
    async with AIOKafkaProducer(bootstrap_servers=servers, enable_idempotence=True, compression_type="lz4") as producer:
        await producer.send_and_wait(topic.name, b"trained")
    consumer = AIOKafkaConsumer(
        topic.name, bootstrap_servers=servers, group_id="training", auto_offset_reset="earliest"
    )
    async with consumer, asyncio.timeout(_TRAINING_SECONDS):
        await consumer.getone()
        await consumer.commit()


def _ports() -> tuple[int, int]:
    base_port = free_base_port()
    return kafka_port(base_port), controller_port(base_port)


def _new_id() -> str:
    """Kafka's form of a random UUID; one that begins with a dash would read as an option."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
        if not text.startswith("-"):
            return text
