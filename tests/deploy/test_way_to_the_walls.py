"""The way of docs/deployment.md from a Kafka that asked nobody: what was written before is read by who may."""

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from contracts.topics import TOPICS
from jobplus.stack.ports import free_base_port
from jobplus.stack.topics import make_topics
from tests.deploy.secured_kafka import Node, Secured
from tests.deploy.test_secured_kafka import connection, topics_job
from tests.stacks import Stacks


def _as_it_was(node: Node) -> dict[str, str]:
    """The settings that docker-compose.yml had before."""
    walls = ("ssl.", "sasl.", "listener.", "super.", "authorizer.", "allow.", "inter.")
    kept = {name: value for name, value in node.properties().items() if not name.startswith(walls)}
    at = f"PLAINTEXT://{node.servers}"
    return kept | {
        "listeners": f"{at},CONTROLLER://127.0.0.1:{node.port + 1}",
        "advertised.listeners": at,
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    }


def _give_the_admin_its_password(node: Node, folder: Path) -> None:
    """As deploy/kafka-admin.sh does."""
    properties = node.properties()
    stores = [name for name in properties if name.startswith(("ssl.keystore.", "ssl.truststore."))]
    (folder / "client.properties").write_text(
        "security.protocol=SSL\n" + "".join(f"{name}={properties[name]}\n" for name in stores)
    )
    password = (node.secrets / "admin.kafka").read_text()
    (folder / "password.properties").write_text(f"SCRAM-SHA-512=password={password}\n")
    node.run(
        *("kafka.admin.ConfigCommand", "--bootstrap-server", f"127.0.0.1:{node.port + 2}"),
        *("--command-config", str(folder / "client.properties")),
        *("--alter", "--entity-type", "users", "--entity-name", "admin"),
        *("--add-config-file", str(folder / "password.properties")),
    )


@pytest.fixture
def node(tmp_path: Path, stacks: Stacks) -> Node:
    made = Node(tmp_path, free_base_port())
    made.make_secrets()
    return made


async def _write(node: Node) -> None:
    async with AIOKafkaProducer(bootstrap_servers=node.servers) as producer:
        await producer.send_and_wait("jobplus.seekers", b"before", partition=0)


async def _read(secured: Secured) -> bytes | None:
    given = {**connection(secured, "matching"), "auto_offset_reset": "earliest", "enable_auto_commit": False}
    consumer = AIOKafkaConsumer("jobplus.seekers", **given, group_id="jobplus.matching")
    try:
        await consumer.start()
        return (await consumer.getone()).value
    finally:
        await consumer.stop()


def test_a_kafka_that_asked_nobody_gets_its_walls_and_keeps_what_it_has(node: Node, tmp_path: Path) -> None:
    before = _as_it_was(node)
    node.format(before)
    with node.running(before):
        assert len(make_topics(node.servers, TOPICS)) == len(TOPICS)
        asyncio.run(_write(node))
    secured = Secured(node.servers, node.partners, node.secrets)
    with node.running(node.properties()):
        _give_the_admin_its_password(node, tmp_path)
        done = topics_job(secured, "--users", str(tmp_path / "passwords"))
        assert (done.returncode, '"made": []' in done.stdout) == (0, True), done.stdout + done.stderr
        assert asyncio.run(_read(secured)) == b"before"
