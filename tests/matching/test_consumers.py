"""Both consumers, faust's and the plain one, apply every event once, whatever is killed meanwhile."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
import uuid_utils.compat as uuids

from contracts.profiles import ProfileRemoved
from jobplus.stack.local import Stack
from tests.matching.consumer_process import Database, Kind, WorkerProcess, lines, topic_ends
from tests.matching.topic_writer import STAMP, Sent, profile, write
from tests.stacks import Stacks

OFFSETS = "SELECT count(*) FROM consumer_offset WHERE last_offset IS NOT NULL"
VERSIONS = "SELECT seeker_id, career_years FROM seeker WHERE seeker_id = ANY(%s)"
START = Callable[[], WorkerProcess]


@pytest.fixture(params=["faust", "plain"])
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param


@pytest.fixture(scope="module")
def alone(stacks: Stacks) -> Iterator[Stack]:
    """Kafka and PostgreSQL of their own: these tests kill them, and write what no service ever published."""
    running = stacks.new("consumers")
    try:
        running.up(services=False)
        running.make_topics()
        yield running
    finally:
        running.down(wipe=True)


@pytest.fixture
async def database(alone: Stack, stacks: Stacks, tmp_path: Path) -> Database:
    name = f"consumer_{uuids.uuid7().hex[-12:]}"
    return Database(alone, stacks.forks, name, await topic_ends(alone), tmp_path / "migrate.log")


@pytest.fixture
def start(alone: Stack, stacks: Stacks, kind: Kind, database: Database, tmp_path: Path) -> Iterator[START]:
    started: list[WorkerProcess] = []

    def one_more() -> WorkerProcess:
        port = alone.base_port + 10 + len(started)
        started.append(WorkerProcess(alone, stacks.forks, kind, database, port, tmp_path))
        return started[-1]

    yield one_more
    for process in started:
        process.end()
        print(process.log())  # pytest shows it when the test failed


def versions(database: Database, ids: list[UUID]) -> dict[UUID, int]:
    return dict(database.rows(VERSIONS, ids))


def all_arrived(database: Database, ids: list[UUID], version: int) -> None:
    database.wait(
        "SELECT count(*) FROM seeker WHERE seeker_id = ANY(%s) AND career_years = %s",
        ids,
        version,
        until=lambda rows: rows[0][0] == len(ids),
    )


async def test_an_event_that_is_sent_again_at_a_new_offset_changes_nothing(
    alone: Stack, database: Database, start: START
) -> None:
    worker = start()
    ids = [uuids.uuid7() for _ in range(300)]
    first = [Sent.of(profile(seeker_id, career_years=1)) for seeker_id in ids]
    second = [Sent.of(profile(seeker_id, career_years=2)) for seeker_id in ids]
    last = uuids.uuid7()
    await write(alone, [*first, *first, *second, *first, *second, *first, Sent.of(profile(last, career_years=1))])
    all_arrived(database, ids, 2)
    database.wait("SELECT 1 FROM consumer_offset GROUP BY () HAVING bool_and(end_offset = next_offset)", until=bool)
    assert set(versions(database, ids).values()) == {2}
    assert database.rows("SELECT count(*) FROM dead_letter") == [(0,)]
    assert worker.stop() == 0, worker.log()


async def test_a_worker_that_is_killed_in_the_middle_loses_nothing(
    alone: Stack, database: Database, start: START
) -> None:
    ids = [uuids.uuid7() for _ in range(4_000)]
    worker = start()
    await write(alone, [Sent.of(profile(seeker_id, career_years=1)) for seeker_id in ids])
    database.wait("SELECT count(*) FROM seeker", until=lambda rows: rows[0][0] > 200)
    worker.kill()
    await write(alone, [Sent.of(profile(seeker_id, career_years=2)) for seeker_id in ids])
    survivor = start()
    all_arrived(database, ids, 2)
    assert database.rows("SELECT count(*) FROM dead_letter") == [(0,)]
    assert survivor.stop() == 0, survivor.log()


async def test_of_two_workers_one_is_killed_and_the_other_goes_on(
    alone: Stack, database: Database, start: START
) -> None:
    one, other = start(), start()
    one.wait_ready()
    other.wait_ready()
    ids = [uuids.uuid7() for _ in range(2_000)]
    await write(alone, [Sent.of(profile(seeker_id, career_years=1)) for seeker_id in ids])
    database.wait(OFFSETS, until=lambda rows: rows[0][0] > 6)
    one.kill()
    await write(alone, [Sent.of(profile(seeker_id, career_years=2)) for seeker_id in ids])
    all_arrived(database, ids, 2)
    third = start()
    third.wait_ready()
    assert other.stop() == 0, other.log()
    await write(alone, [Sent.of(profile(seeker_id, career_years=3)) for seeker_id in ids])
    all_arrived(database, ids, 3)
    assert database.rows("SELECT count(*) FROM dead_letter") == [(0,)]


async def test_what_can_not_be_read_is_set_aside_and_only_its_key_waits(
    alone: Stack, database: Database, start: START
) -> None:
    start()
    broken, whole = uuids.uuid7(), uuids.uuid7()
    bad = Sent.of(profile(broken, career_years=1))._replace(value=b'{"birth_year": "unknown"}')
    await write(
        alone,
        [bad, Sent.of(profile(broken, career_years=2)), *(Sent.of(profile(whole, career_years=n)) for n in (1, 2))],
    )
    all_arrived(database, [whole], 2)
    database.wait(
        "SELECT state FROM dead_letter WHERE key = %s ORDER BY id",
        str(broken).encode(),
        until=lambda rows: rows == [("dead",), ("parked",)],
    )
    assert versions(database, [broken]) == {}


async def test_a_tombstone_does_not_wait_behind_what_can_not_be_read(
    alone: Stack, database: Database, start: START
) -> None:
    start()
    gone = uuids.uuid7()
    bad = Sent.of(profile(gone, career_years=2))._replace(value=b'{"birth_year": "unknown"}')
    forgotten, late = Sent.of(ProfileRemoved(**STAMP, seeker_id=gone)), Sent.of(profile(gone, career_years=3))
    await write(alone, [Sent.of(profile(gone, career_years=1)), bad, forgotten, late])
    database.wait("SELECT state FROM dead_letter ORDER BY id", until=lambda rows: rows == [("dead",), ("parked",)])
    assert database.rows("SELECT status, career_years FROM seeker WHERE seeker_id = %s", gone) == [(None, None)]


async def test_a_tombstone_forgets_the_person_and_an_older_event_brings_nobody_back(
    alone: Stack, database: Database, start: START
) -> None:
    start()
    gone, there = uuids.uuid7(), uuids.uuid7()
    await write(
        alone,
        [
            Sent.of(profile(gone, career_years=1)),
            Sent.of(ProfileRemoved(**STAMP, seeker_id=gone)),
            Sent.of(profile(gone, career_years=2)),
            Sent.of(profile(there, career_years=1)),
        ],
    )
    database.wait(
        "SELECT status, birth_year, wanted_occupations FROM seeker WHERE seeker_id = %s",
        gone,
        until=lambda rows: rows == [(None, None, None)],
    )
    all_arrived(database, [there], 1)
    database.wait("SELECT 1 FROM consumer_offset GROUP BY () HAVING bool_and(end_offset = next_offset)", until=bool)
    assert database.rows("SELECT status FROM seeker WHERE seeker_id = %s", gone) == [(None,)]


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        ("last_event_id = gen_random_uuid()", "was applied"),
        ("last_offset = 1000000, next_offset = 1000001", "ends at"),
    ],
    ids=["another event stands there", "the topic ends before it"],
)
async def test_a_kafka_without_the_record_applied_last_ends_the_worker(
    alone: Stack, database: Database, start: START, tampering: str, said: str
) -> None:
    worker = start()
    ids = [uuids.uuid7() for _ in range(50)]
    await write(alone, [Sent.of(profile(seeker_id, career_years=1)) for seeker_id in ids])
    all_arrived(database, ids, 1)
    assert worker.stop() == 0, worker.log()
    database.rows(f"UPDATE consumer_offset SET {tampering} WHERE last_event_id IS NOT NULL")

    restarted = start()
    assert restarted.exit_code() == 3, restarted.log()
    (line,) = lines(restarted.log(), "history_lost")
    assert said in line
    assert "rebuild this service or restore Kafka" in line


async def test_a_kafka_that_is_killed_and_comes_back_is_no_end(alone: Stack, database: Database, start: START) -> None:
    worker = start()
    worker.wait_ready()
    ids = [uuids.uuid7() for _ in range(500)]
    await write(alone, [Sent.of(profile(seeker_id, career_years=1)) for seeker_id in ids])
    alone.kill("kafka", signal.SIGKILL)
    await asyncio.sleep(3)
    alone.up(services=False)
    await write(alone, [Sent.of(profile(seeker_id, career_years=2)) for seeker_id in ids])
    all_arrived(database, ids, 2)
    worker.wait_ready()
    assert worker.stop() == 0, worker.log()


async def test_a_postgresql_that_is_killed_and_comes_back_is_no_end(
    alone: Stack, database: Database, start: START
) -> None:
    worker = start()
    worker.wait_ready()
    alone.kill("postgres", signal.SIGKILL)
    ids = [uuids.uuid7() for _ in range(500)]
    await write(alone, [Sent.of(profile(seeker_id, career_years=1)) for seeker_id in ids])
    await asyncio.sleep(3)
    alone.up(services=False)
    all_arrived(database, ids, 1)
    worker.wait_ready()
    assert database.rows("SELECT count(*) FROM dead_letter") == [(0,)]
    assert worker.stop() == 0, worker.log()
