"""What comes next is gone from Kafka: both consumers notice, say so, read no further, and go on by themselves once it
is there again or somebody set the positions anew."""

import time
from collections.abc import Sequence
from datetime import date
from typing import Any

import uuid_utils.compat as uuids

from chassis.stream.kafka import BUSY_WAIT_MS
from contracts.topics import FIRMS
from tests.kit.events import employer_joined, profile
from tests.kit.records import Record
from tests.kit.topics import Topics
from tests.kit.waiting import until
from tests.matching.workers.consumer_process import START, Database, WorkerProcess, lines

DAY = date(2009, 3, 2)
LOST = "SELECT topic, partition, lost, lost_at IS NOT NULL FROM consumer_offset WHERE lost IS NOT NULL ORDER BY 1, 2"
LOOKED_AT = "SELECT bool_and(checked_at IS NOT NULL) FROM consumer_offset WHERE topic = %s"
SET_ANEW = """UPDATE consumer_offset SET lost = NULL, lost_at = NULL, last_offset = NULL, last_event_id = NULL,
                                         next_offset = %s WHERE topic = %s AND partition = %s"""


def firms(topics: Topics) -> list[Record]:
    """Firms that join, four on each partition."""
    found: list[Record] = []
    while len(found) < 4 * FIRMS.partitions:
        one = topics.sources.record(employer_joined(DAY))
        if sum(one.partition == other.partition for other in found) < 4:
            found.append(one)
    return found


def arrived(database: Database, records: Sequence[Record]) -> None:
    database.wait(
        "SELECT count(*) FROM employer WHERE employer_id = ANY(%s::uuid[])",
        [record.key.decode() for record in records],
        holds=lambda rows: rows == [(len(records),)],
    )


def tells(worker: WorkerProcess, said: str) -> None:
    """The worker runs, isn't ready, and says why."""
    until(worker.trouble, said, lambda why: why is not None and "history_lost: " in why and said in why)


def stands_still(worker: WorkerProcess, database: Database, said: str) -> None:
    """The worker says why it isn't ready, in its row and its metric too, and once in its log."""
    tells(worker, said)
    rows = database.wait(LOST, holds=bool)
    assert {(topic, noted) for topic, _, _, noted in rows} == {("jobplus.firms", True)}
    assert all(why.startswith(f"jobplus.firms/{partition} ") for _, partition, why, _ in rows)
    assert f'jobplus_history_lost{{topic="jobplus.firms"}} {len(rows)}.0' in worker.metrics()
    (line,) = lines(worker.log(), "history_lost")
    assert '"level": "critical"' in line


def goes_on(worker: WorkerProcess, topics: Topics, database: Database) -> None:
    worker.wait_ready()
    assert database.rows(LOST) == []
    assert "jobplus_history_lost{" not in worker.metrics()
    arrived(database, topics_written(topics, firms(topics)))


def topics_written(topics: Topics, records: list[Record]) -> list[Record]:
    topics.write(records)
    return records


def set_anew(database: Database, written: Sequence[Any]) -> None:
    """Go on where the next record will stand: after the last of each partition that was written."""
    ends = {place.partition: place.offset + 1 for place in written}
    for partition, end in ends.items():
        database.rows(SET_ANEW, end, FIRMS.name, partition)


def reading_anew(topics: Topics, database: Database, start: START) -> tuple[WorkerProcess, list[Record]]:
    """A worker of a topic that was made anew, and the records that it has read there."""
    topics.make_anew(FIRMS)
    database.rows("UPDATE consumer_offset SET next_offset = 0, last_offset = NULL WHERE topic = %s", FIRMS.name)
    worker = start()
    kept = firms(topics)
    arrived(database, topics_written(topics, kept))
    return worker, kept


def test_what_is_cut_under_a_worker_that_is_frozen_is_told_and_not_skipped(
    topics: Topics, database: Database, start: START
) -> None:
    worker = start()
    arrived(database, topics_written(topics, firms(topics)))
    worker.freeze()
    topics.write(firms(topics))  # answers the fetch that waits, once it has gathered for its time
    time.sleep(2 * BUSY_WAIT_MS / 1000)
    unheard = topics.write(firms(topics))
    topics.cut(FIRMS)
    worker.thaw()
    stands_still(worker, database, "but its log begins at")

    set_anew(database, unheard)
    goes_on(worker, topics, database)
    assert worker.stop() == 0, worker.log()


def test_what_is_cut_while_no_worker_runs_is_told_though_the_last_record_could_not_be_read(
    topics: Topics, database: Database, start: START
) -> None:
    worker = start()
    arrived(database, topics_written(topics, firms(topics)))
    topics.write([record._replace(headers=[]) for record in firms(topics)])
    database.wait("SELECT count(*) FROM dead_letter", holds=lambda rows: rows == [(12,)])
    assert worker.stop() == 0, worker.log()
    unheard = topics.write(firms(topics))
    topics.cut(FIRMS)

    again = start()
    stands_still(again, database, "but its log begins at")
    set_anew(database, unheard)
    goes_on(again, topics, database)


def test_a_topic_that_is_made_anew_is_told_until_its_records_are_back(
    topics: Topics, database: Database, start: START
) -> None:
    worker, kept = reading_anew(topics, database, start)
    worker.wait_ready()
    topics.make_anew(FIRMS)
    stands_still(worker, database, "its log ends at 0")

    topics.write(kept)
    goes_on(worker, topics, database)


def test_a_topic_that_is_made_anew_and_filled_by_others_is_told_by_their_ids(
    topics: Topics, database: Database, start: START
) -> None:
    worker, _ = reading_anew(topics, database, start)
    assert worker.stop() == 0, worker.log()
    topics.make_anew(FIRMS)
    topics.write([*firms(topics), *firms(topics)])

    again = start()
    tells(again, "was applied")
    (line,) = lines(again.log(), "history_lost")
    assert "restore Kafka, or publish the events again" in line


def test_a_worker_that_was_away_for_longer_than_tombstones_live_asks_for_the_profiles_again(
    topics: Topics, database: Database, start: START
) -> None:
    worker = start()
    one = topics.sources.record(profile(uuids.uuid7(), DAY))
    topics.write([one])
    database.wait("SELECT count(*) FROM seeker", holds=lambda rows: rows == [(1,)])
    database.wait(LOOKED_AT, one.topic, holds=lambda rows: rows == [(True,)])
    assert worker.stop() == 0, worker.log()
    database.rows("UPDATE consumer_offset SET checked_at = checked_at - interval '31 days' WHERE topic = %s", one.topic)

    again = start()
    tells(again, "was not looked at for 31 days")
    database.rows("UPDATE consumer_offset SET lost = NULL, last_offset = NULL, last_event_id = NULL")
    again.wait_ready()
    topics.write([topics.sources.record(profile(uuids.uuid7(), DAY))])
    database.wait("SELECT count(*) FROM seeker", holds=lambda rows: rows == [(2,)])
