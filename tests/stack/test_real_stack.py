"""A real Kafka and PostgreSQL: started, killed, brought back, and gone without a trace."""

import asyncio
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import pytest
from aiokafka import AIOKafkaProducer

from jobplus.stack import starting
from jobplus.stack.errors import StackFailed
from jobplus.stack.local import Stack
from jobplus.stack.ports import HOST, SERVICES, all_ports
from tests.stacks import Stacks


@dataclass(frozen=True)
class _Topic:
    name: str
    partitions: int
    compacted: bool = False
    tombstone_days: int = 30


@pytest.fixture(scope="module")
def stack(stacks: Stacks) -> Iterator[Stack]:
    running = stacks.new("stack")
    try:
        running.up(services=False)
        yield running
    finally:
        running.down(wipe=True)


def test_a_service_enters_its_own_database_and_no_other(stack: Stack) -> None:
    for service in SERVICES:
        with psycopg.connect(stack.database_url(service)) as own:
            own.execute("CREATE TABLE mine (id int)")
        for other in {"postgres", "template1", *SERVICES} - {service}:
            foreign = stack.database_url(service).rpartition("/")[0] + f"/{other}"
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(foreign)


def test_a_wrong_password_is_refused(stack: Stack) -> None:
    address = stack.database_url("intake").replace(stack.home.password("intake"), "guessed")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(address)


def test_a_commit_is_on_the_disk_before_it_is_answered(stack: Stack) -> None:
    with psycopg.connect(stack.database_url()) as connection:
        settings = connection.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        assert settings.fetchone() == ("on", "on")


def test_only_this_machine_is_listened_to(stack: Stack) -> None:
    ports = set(all_ports(stack.base_port))
    found = {
        c.laddr.ip
        for c in psutil.net_connections("tcp")
        if c.status == psutil.CONN_LISTEN and c.laddr and c.laddr.port in ports
    }
    assert found
    assert found <= {"127.0.0.1", "::ffff:127.0.0.1"}


def test_topics_are_made_once_and_others_of_the_same_name_are_refused(stack: Stack) -> None:
    topics = [_Topic("once.events", 12), _Topic("once.state", 3, compacted=True)]
    assert stack.make_topics(topics) == ["once.events", "once.state"]
    assert stack.make_topics(topics) == []
    with pytest.raises(StackFailed, match=r"once\.events has 12 partitions instead of 6"):
        stack.make_topics([_Topic("once.events", 6)])
    with pytest.raises(StackFailed, match=r"once\.state has .*compact.* instead of .*-1"):
        stack.make_topics([_Topic("once.state", 3)])


@pytest.mark.parametrize("name", ["postgres", "kafka"])
def test_what_was_killed_is_brought_back_and_the_other_is_left_alone(stack: Stack, name: str) -> None:
    before = {process: stack.pid(process) for process in ("kafka", "postgres")}
    stack.kill(name, signal.SIGKILL)
    assert stack.pid(name) is None
    stack.up(services=False)
    after = {process: stack.pid(process) for process in ("kafka", "postgres")}
    assert {process for process in before if before[process] != after[process]} == {name}


def test_what_kafka_unpacks_is_in_its_home_and_that_of_a_killed_one_is_removed(stack: Stack) -> None:
    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=stack.kafka_servers, compression_type="lz4") as producer:
            await producer.send_and_wait("unpacked", b"x" * 1000)

    def unpacked() -> set[Path]:
        pid = stack.pid("kafka")
        assert pid is not None
        return {Path(each.path) for each in psutil.Process(pid).memory_maps() if "liblz4" in each.path}

    stack.make_topics([_Topic("unpacked", 1)])
    asyncio.run(send())
    first = unpacked()
    assert first
    assert all(path.is_relative_to(stack.home.data) for path in first)
    stack.kill("kafka")
    stack.up(services=False)
    asyncio.run(send())
    assert unpacked().isdisjoint(first)
    assert not any(path.exists() for path in first)


def test_a_kafka_that_runs_and_answers_nobody_is_started_anew_and_that_is_said(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "_DEAF_SECONDS", 2)
    said: list[str] = []
    monkeypatch.setattr(stack, "_say", said.append)
    before = stack.pid("kafka")
    stack.kill("kafka", signal.SIGSTOP)
    stack.up(services=False)
    assert stack.pid("kafka") not in {before, None}
    assert [line for line in said if "kafka isn't ready after 2 s (no answer on" in line and "started anew" in line]


def test_after_a_crash_of_all_a_reused_pid_stands_in_no_way(stack: Stack) -> None:
    with psycopg.connect(stack.database_url("reporting")) as connection:
        connection.execute("CREATE TABLE survives (id int)")
    stack.make_topics([_Topic("survives", 1)])
    stack.kill("kafka")
    stack.kill("postgres")
    lock = stack.home.data / "postgres" / "postmaster.pid"
    _, *rest = lock.read_text().split("\n")
    # PostgreSQL believes only in processes of the user that it runs as.
    other = subprocess.Popen(["/bin/sleep", "60"], user="nobody" if os.geteuid() == 0 else None)
    lock.write_text("\n".join([str(other.pid), *rest]))

    with other:
        try:
            stack.up(services=False)
        finally:
            other.kill()
    with psycopg.connect(stack.database_url("reporting")) as connection:
        connection.execute("SELECT id FROM survives")
    assert stack.make_topics([_Topic("survives", 1)]) == []


def test_a_running_stack_keeps_its_base_port(stack: Stack) -> None:
    with pytest.raises(StackFailed, match=f"runs at base port {stack.base_port}"):
        Stack(stack.home.path, stack.base_port + 100).up(services=False)


def test_after_down_and_wipe_nothing_runs_and_nothing_is_left(tmp_path: Path, stacks: Stacks) -> None:
    # A home that only root may enter: PostgreSQL, as another user, must work in it all the same.
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    stack = stacks.new("closed", home=closed / "home")
    stack.up(services=False)
    pids = [stack.pid("kafka"), stack.pid("postgres")]
    assert None not in pids
    stack.down(wipe=True)
    assert not any(pid is not None and psutil.pid_exists(pid) for pid in pids)
    for port in all_ports(stack.base_port):
        with socket.socket() as probe:
            assert probe.connect_ex((HOST, port)) != 0
    assert list(closed.iterdir()) == []
