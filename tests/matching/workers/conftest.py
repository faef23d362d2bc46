"""Matching's workers as processes, of both kinds, on a Kafka and PostgreSQL of their own: these tests kill, cut and
empty them, and write what no service ever published."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import uuid_utils.compat as uuids

from jobplus.stack.local import Stack
from tests.kit.topics import Topics
from tests.matching.workers.consumer_process import START, Database, Kind, WorkerProcess, topic_ends
from tests.stacks import MISSED_SOON, Stacks


@pytest.fixture(params=["faust", "plain"])
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param


@pytest.fixture(scope="package")
def alone(stacks: Stacks) -> Iterator[Stack]:
    running = stacks.new("consumers", settings=MISSED_SOON)
    try:
        running.up(services=False)
        running.make_topics()
        yield running
    finally:
        running.down(wipe=True)


@pytest.fixture(scope="package")
def topics(alone: Stack) -> Iterator[Topics]:
    with Topics(alone) as made:
        yield made


@pytest.fixture
async def database(alone: Stack, stacks: Stacks, tmp_path: Path) -> Database:
    name = f"consumer_{uuids.uuid7().hex[-12:]}"
    return Database(alone, stacks.forks, name, await topic_ends(alone), tmp_path / "migrate.log")


@pytest.fixture
def start(alone: Stack, stacks: Stacks, kind: Kind, database: Database, tmp_path: Path) -> Iterator[START]:
    """Starts one more worker of the kind, on the test's database."""
    started: list[WorkerProcess] = []

    def one_more(**settings: str) -> WorkerProcess:
        port = alone.base_port + 10 + len(started)
        started.append(WorkerProcess(alone, stacks.forks, kind, database, port, tmp_path, settings))
        return started[-1]

    yield one_more
    for process in started:
        process.end()
        print(process.log())  # pytest shows it when the test failed
