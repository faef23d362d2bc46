"""A position is compared with Kafka's log at assignment, at each look and with each batch: nothing is skipped."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import uuid_utils.compat as uuids

from chassis.stream.cloudevents import Attributes, to_headers
from chassis.stream.history import History, HistoryLost, Log, Position, not_applied
from chassis.stream.record import Partition
from tests.kit.records import Record

KEPT = Partition("test.kept", 0)
COMPACTED = Partition("test.compacted", 0)
MONTH = timedelta(days=30)
APPLIED = uuids.uuid7()


def history() -> History:
    return History({COMPACTED.topic: MONTH})


def record(partition: Partition, offset: int, event_id: UUID | None = None) -> Record:
    attributes = Attributes(event_id or uuids.uuid7(), "/test", "test.Raised", datetime.now(UTC), "a", 1, "", "")
    return Record(*partition, offset, b"a", b"{}", to_headers(attributes))


def records(partition: Partition, offsets: Sequence[int]) -> list[Record]:
    return [record(partition, offset) for offset in offsets]


def lost(work: Any, *given: Any) -> str:
    with pytest.raises(HistoryLost) as caught:
        work(*given)
    return str(caught.value)


BOTH = pytest.mark.parametrize("partition", [KEPT, COMPACTED], ids=["kept", "compacted"])


@BOTH
def test_a_log_that_begins_after_the_position_is_lost(partition: Partition) -> None:
    said = lost(history().begin, {partition: Position(5, 4, APPLIED)}, {partition: Log(6, 9)})
    assert said.startswith(
        f"{partition.topic}/0 goes on at offset 5, but its log begins at 6: restore Kafka, or publish"
    )


@BOTH
def test_a_log_that_ends_before_the_position_is_lost(partition: Partition) -> None:
    said = lost(history().begin, {partition: Position(5, 4, APPLIED)}, {partition: Log(0, 4)})
    assert f"{partition.topic}/0 goes on at offset 5, but its log ends at 4: " in said


def test_all_that_is_lost_is_told_and_not_what_isn_t() -> None:
    other = Partition("test.kept", 1)
    positions = {KEPT: Position(5), other: Position(5), COMPACTED: Position(5)}
    with pytest.raises(HistoryLost) as caught:
        history().begin(positions, {KEPT: Log(6, 9), other: Log(0, 5), COMPACTED: Log(0, 4)})
    assert caught.value.losses.keys() == {KEPT, COMPACTED}


@BOTH
def test_the_record_applied_last_is_read_again_and_compared(partition: Partition) -> None:
    reading = history()
    assert reading.begin({partition: Position(5, 4, APPLIED)}, {partition: Log(0, 6)}) == {partition: 4}
    found = uuids.uuid7()
    said = lost(reading.read, [record(partition, 4, found), record(partition, 5)])
    assert f"{partition.topic}/0 offset 4 holds event {found} where {APPLIED} was applied: " in said


@BOTH
def test_the_same_record_where_it_was_loses_nothing(partition: Partition) -> None:
    reading = history()
    reading.begin({partition: Position(5, 4, APPLIED)}, {partition: Log(0, 6)})
    reading.read([record(partition, 4, APPLIED), record(partition, 5)])
    assert reading.unread() == {partition: 6}


def test_of_a_malformed_record_the_offset_alone_is_compared() -> None:
    reading = history()
    assert reading.begin({KEPT: Position(5, 4)}, {KEPT: Log(0, 5)}) == {KEPT: 4}
    reading.read([record(KEPT, 4)])
    assert "begins at 6" in lost(history().begin, {KEPT: Position(5, 4)}, {KEPT: Log(6, 9)})


def test_what_was_cut_behind_the_position_loses_nothing() -> None:
    assert history().begin({KEPT: Position(5, 4, APPLIED)}, {KEPT: Log(5, 5)}) == {KEPT: 5}


def test_a_position_set_by_hand_is_begun_at_exactly_and_compared_with_no_event() -> None:
    reading = history()
    assert reading.begin({KEPT: Position(7)}, {KEPT: Log(6, 9)}) == {KEPT: 7}
    reading.read(records(KEPT, [7, 8]))


def test_where_a_position_is_marked_as_lost_it_stays_so() -> None:
    assert lost(history().begin, {KEPT: Position(5, lost="it was cut")}, {KEPT: Log(0, 9)}) == "it was cut"


def test_of_a_compacted_topic_the_record_applied_last_may_be_gone() -> None:
    reading = history()
    reading.begin({COMPACTED: Position(5, 4, APPLIED)}, {COMPACTED: Log(0, 9)})
    reading.read(records(COMPACTED, [6, 8]))


def test_who_was_away_for_longer_than_tombstones_are_kept_has_lost() -> None:
    away = Position(5, 4, APPLIED, away=MONTH + timedelta(days=1))
    said = lost(history().begin, {COMPACTED: away}, {COMPACTED: Log(0, 9)})
    assert "test.compacted/0 was not looked at for 31 days, and tombstones are kept for 30" in said
    for position, partition in [(away._replace(away=MONTH), COMPACTED), (away, KEPT)]:
        assert history().begin({partition: position}, {partition: Log(0, 9)}) == {partition: 4}


def test_a_position_set_by_hand_ends_an_absence() -> None:
    assert history().begin({COMPACTED: Position(5, away=MONTH * 2)}, {COMPACTED: Log(0, 9)}) == {COMPACTED: 5}


def test_a_topic_that_was_made_anew_is_known_by_its_end() -> None:
    behind = Position(5, 4, APPLIED, seen_end=100)
    assert "test.kept/0 ended at offset 100, and now its log ends at 50: " in lost(
        history().begin, {KEPT: behind}, {KEPT: Log(0, 50)}
    )
    assert history().begin({KEPT: Position(5, seen_end=100)}, {KEPT: Log(0, 50)}) == {KEPT: 5}


def test_a_look_sees_what_was_cut_before_it_was_read() -> None:
    reading = history()
    reading.begin({KEPT: Position(5, 4, APPLIED)}, {KEPT: Log(0, 9)})
    reading.looked({KEPT: Log(5, 9)})
    assert "goes on at offset 5, but its log begins at 6" in lost(reading.looked, {KEPT: Log(6, 9)})


def test_a_look_sees_a_log_that_has_become_shorter() -> None:
    reading = history()
    reading.begin({KEPT: Position(5, 4, APPLIED)}, {KEPT: Log(0, 5)})
    reading.looked({KEPT: Log(0, 9)})
    assert "ended at offset 9, and now its log ends at 8" in lost(reading.looked, {KEPT: Log(0, 8)})


def test_a_look_is_not_misled_by_what_is_read_meanwhile() -> None:
    reading = history()
    reading.begin({KEPT: Position(5)}, {KEPT: Log(0, 5)})
    reading.read(records(KEPT, [5, 6]))
    reading.looked({KEPT: Log(0, 6)})
    reading.looked({KEPT: Log(7, 7)})


def test_a_look_at_what_was_left_meanwhile_says_nothing() -> None:
    reading = history()
    reading.begin({KEPT: Position(5)}, {KEPT: Log(0, 5)})
    reading.leave()
    assert not reading.reads(KEPT)
    reading.looked({KEPT: Log(7, 7)})


def test_a_record_that_is_skipped_is_lost_but_on_a_compacted_topic() -> None:
    assert [r.offset for r in not_applied(records(COMPACTED, [4, 6, 9]), {COMPACTED: 5}, {COMPACTED.topic})] == [6, 9]
    assert [r.offset for r in not_applied(records(KEPT, [3, 4, 5, 6]), {KEPT: 5}, ())] == [5, 6]
    for offsets in ([6, 7], [5, 7], [4, 6]):
        said = lost(not_applied, records(KEPT, offsets), {KEPT: 5}, {COMPACTED.topic})
        assert f"test.kept/0 goes on at offset {6 if 5 in offsets else 5}, but the next record stands at" in said
