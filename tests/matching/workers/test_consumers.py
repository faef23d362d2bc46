"""Both consumers, faust's and the plain one, apply every event once, whatever is killed meanwhile."""

import signal
import time
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import uuid_utils.compat as uuids

from contracts.profiles import ProfileRemoved
from jobplus.stack.local import Stack
from tests.kit.events import event_of, profile
from tests.kit.records import Record
from tests.kit.topics import Topics
from tests.matching.workers.consumer_process import START, Database, lines

OFFSETS = "SELECT count(*) FROM consumer_offset WHERE last_offset IS NOT NULL"
VERSIONS = "SELECT seeker_id, career_years FROM seeker WHERE seeker_id = ANY(%s)"
DAY = date(2009, 3, 2)


def told(topics: Topics, seeker_id: UUID, version: int) -> Record:
    """A profile of a seeker, as its owner would write it; its career years serve as a version."""
    return topics.sources.record(profile(seeker_id, DAY, career_years=version))


def profiles(topics: Topics, ids: Sequence[UUID], version: int) -> list[Record]:
    return [told(topics, seeker_id, version) for seeker_id in ids]


def versions(database: Database, ids: list[UUID]) -> dict[UUID, int]:
    return dict(database.rows(VERSIONS, ids))


def all_arrived(database: Database, ids: list[UUID], version: int) -> None:
    database.wait(
        "SELECT count(*) FROM seeker WHERE seeker_id = ANY(%s) AND career_years = %s",
        ids,
        version,
        holds=lambda rows: rows[0][0] == len(ids),
    )


def test_an_event_that_is_sent_again_at_a_new_offset_changes_nothing(
    topics: Topics, database: Database, start: START
) -> None:
    worker = start()
    ids = [uuids.uuid7() for _ in range(300)]
    first = profiles(topics, ids, 1)
    second = profiles(topics, ids, 2)
    last = uuids.uuid7()
    topics.write([*first, *first, *second, *first, *second, *first, told(topics, last, 1)])
    all_arrived(database, ids, 2)
    database.wait("SELECT 1 FROM consumer_offset GROUP BY () HAVING bool_and(end_offset = next_offset)", holds=bool)
    assert set(versions(database, ids).values()) == {2}
    assert database.rows("SELECT count(*) FROM dead_letter") == [(0,)]
    assert worker.stop() == 0, worker.log()


def test_who_has_much_to_read_does_not_wait_at_each_look(topics: Topics, database: Database, start: START) -> None:
    """A fetch that finds nothing is kept by Kafka for as long as it waits, and a look's answer comes behind it: with a
    wait of 5 s before each batch this took longer than any test waits."""
    ids = [uuids.uuid7() for _ in range(20_000)]
    topics.write(profiles(topics, ids, 1))
    worker = start(JOBPLUS_KAFKA_FETCH_WAIT_SECONDS="5", JOBPLUS_LOOK_SECONDS="0.05")
    all_arrived(database, ids, 1)
    assert worker.stop() == 0, worker.log()


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(topics: Topics, database: Database, start: START) -> None:
    ids = [uuids.uuid7() for _ in range(4_000)]
    worker = start()
    topics.write(profiles(topics, ids, 1))
    database.wait("SELECT count(*) FROM seeker", holds=lambda rows: rows[0][0] > 200)
    worker.kill()
    topics.write(profiles(topics, ids, 2))
    survivor = start()
    all_arrived(database, ids, 2)
    assert database.rows("SELECT count(*) FROM dead_letter") == [(0,)]
    assert survivor.stop() == 0, survivor.log()


def test_of_two_workers_one_is_killed_and_the_other_goes_on(topics: Topics, database: Database, start: START) -> None:
    one, other = start(), start()
    one.wait_ready()
    other.wait_ready()
    ids = [uuids.uuid7() for _ in range(2_000)]
    topics.write(profiles(topics, ids, 1))
    database.wait(OFFSETS, holds=lambda rows: rows[0][0] > 6)
    one.kill()
    topics.write(profiles(topics, ids, 2))
    all_arrived(database, ids, 2)
    third = start()
    third.wait_ready()
    assert other.stop() == 0, other.log()
    topics.write(profiles(topics, ids, 3))
    all_arrived(database, ids, 3)
    assert database.rows("SELECT count(*) FROM dead_letter") == [(0,)]


def test_what_can_not_be_read_is_set_aside_and_only_its_key_waits(
    topics: Topics, database: Database, start: START
) -> None:
    start()
    broken, whole = uuids.uuid7(), uuids.uuid7()
    bad = told(topics, broken, 1)._replace(value=b'{"birth_year": "unknown"}')
    topics.write(
        [bad, told(topics, broken, 2), *(told(topics, whole, n) for n in (1, 2))],
    )
    all_arrived(database, [whole], 2)
    database.wait(
        "SELECT state FROM dead_letter WHERE key = %s ORDER BY id",
        str(broken).encode(),
        holds=lambda rows: rows == [("dead",), ("parked",)],
    )
    assert versions(database, [broken]) == {}


def test_a_tombstone_does_not_wait_behind_what_can_not_be_read(
    topics: Topics, database: Database, start: START
) -> None:
    start()
    gone = uuids.uuid7()
    bad = told(topics, gone, 2)._replace(value=b'{"birth_year": "unknown"}')
    forgotten, late = topics.sources.record(event_of(ProfileRemoved, DAY, seeker_id=gone)), told(topics, gone, 3)
    topics.write([told(topics, gone, 1), bad, forgotten, late])
    database.wait("SELECT state FROM dead_letter ORDER BY id", holds=lambda rows: rows == [("dead",), ("parked",)])
    assert database.rows("SELECT status, career_years FROM seeker WHERE seeker_id = %s", gone) == [(None, None)]


def test_a_tombstone_forgets_the_person_and_an_older_event_brings_nobody_back(
    topics: Topics, database: Database, start: START
) -> None:
    start()
    gone, there = uuids.uuid7(), uuids.uuid7()
    topics.write(
        [
            told(topics, gone, 1),
            topics.sources.record(event_of(ProfileRemoved, DAY, seeker_id=gone)),
            told(topics, gone, 2),
            told(topics, there, 1),
        ],
    )
    database.wait(
        "SELECT status, birth_year, wanted_occupations FROM seeker WHERE seeker_id = %s",
        gone,
        holds=lambda rows: rows == [(None, None, None)],
    )
    all_arrived(database, [there], 1)
    database.wait("SELECT 1 FROM consumer_offset GROUP BY () HAVING bool_and(end_offset = next_offset)", holds=bool)
    assert database.rows("SELECT status FROM seeker WHERE seeker_id = %s", gone) == [(None,)]


def test_a_kafka_that_is_killed_and_comes_back_is_no_end(
    alone: Stack, topics: Topics, database: Database, start: START
) -> None:
    worker = start()
    worker.wait_ready()
    ids = [uuids.uuid7() for _ in range(500)]
    topics.write(profiles(topics, ids, 1))
    alone.kill("kafka", signal.SIGKILL)
    time.sleep(3)  # An outage that lasts.
    alone.up(services=False)
    topics.write(profiles(topics, ids, 2))
    all_arrived(database, ids, 2)
    worker.wait_ready()
    assert lines(worker.log(), "history_lost") == []
    assert worker.stop() == 0, worker.log()


def test_a_postgresql_that_is_killed_and_comes_back_is_no_end(
    alone: Stack, topics: Topics, database: Database, start: START
) -> None:
    worker = start()
    worker.wait_ready()
    alone.kill("postgres", signal.SIGKILL)
    ids = [uuids.uuid7() for _ in range(500)]
    topics.write(profiles(topics, ids, 1))
    time.sleep(3)  # An outage that lasts.
    alone.up(services=False)
    all_arrived(database, ids, 1)
    worker.wait_ready()
    assert database.rows("SELECT count(*) FROM dead_letter") == [(0,)]
    assert worker.stop() == 0, worker.log()
