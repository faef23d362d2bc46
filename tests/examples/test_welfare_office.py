"""The welfare office in examples/ has in its tables just what was published, however often it was killed."""

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from contracts.event import Event
from tests.examples.centre import Centre
from tests.examples.lives import Known, lives
from tests.examples.subscriber import Subscriber, read_with_kills
from tests.kit.packages import ROOT
from tests.kit.records import Record, Sources

PROGRAM = ROOT / "examples" / "welfare_office" / "subscriber.py"


class Office:
    """Its database, looked into from outside."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=30)) as database:
            return database.execute(question).fetchall()

    def read(self) -> int:
        """Count the records that it has read; 0 where it isn't there yet."""
        try:
            return self.ask("SELECT coalesce(sum(next), 0) FROM position")[0][0]
        except sqlite3.OperationalError:
            return 0


def _recorded(story: list[Event], draw: Random) -> list[Record]:
    """Number the events as their owners do, and have every tenth come again, some after all else; one type that nobody
    knows is among them."""
    records: list[Record] = []
    again: list[Record] = []
    for record in Sources().records(story):
        records.append(record)
        if draw.random() < 0.1:
            (records if draw.random() < 0.5 else again).append(record)
    unknown = [
        (name, b"jobplus.SeekerCalled" if name == "ce_type" else b"unknown" if name == "ce_id" else content)
        for name, content in records[0].headers
    ]
    return [*records, records[0]._replace(headers=unknown), *again]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "office.sqlite3")


@pytest.mark.parametrize("seed", [20261129])
def test_it_knows_just_what_was_published_after_kills_in_the_middle(
    centre: Centre, partners_python: Path, office: Office, tmp_path: Path, seed: int
) -> None:
    credentials = centre.let_in("welfare", "seekers,cases,followups,counselling", tmp_path)
    story = lives(300, seed)
    records = _recorded(story, Random(seed))
    subscriber = Subscriber([partners_python, PROGRAM, credentials, office.file], tmp_path, office.read)
    read_with_kills(subscriber, centre, records)
    assert office.read() == len(records)

    known = Known().of(story)
    assert len(known.erased) > 10
    assert len(known.merged) > 10
    assert {row for row in office.ask("SELECT placement_id, seeker_id, since, until, never FROM job")} == {
        (name, *job) for name, job in known.jobs.items()
    }
    in_care: dict[str, list[bool]] = {}
    for seeker, taken_in in office.ask("SELECT seeker_id, in_care FROM care ORDER BY seeker_id, sequence"):
        in_care.setdefault(seeker, []).append(bool(taken_in))
    assert in_care == known.care
    assert dict(office.ask("SELECT * FROM merged")) == known.merged
    assert {seeker for (seeker,) in office.ask("SELECT * FROM erased")} == known.erased
    assert dict(office.ask("SELECT * FROM client")) == known.clients()
    assert len(office.ask("SELECT * FROM known")) == len({dict(one.headers)["ce_id"] for one in records})


def test_it_says_who_does_not_let_it_in(centre: Centre, partners_python: Path, office: Office, tmp_path: Path) -> None:
    credentials = centre.let_in("wrong-word", "cases", tmp_path)
    text = credentials.read_text().replace('"password": "', '"password": "x')
    credentials.chmod(0o600)
    credentials.write_text(text)
    subscriber = Subscriber([partners_python, PROGRAM, credentials, office.file], tmp_path, office.read)
    subscriber.launch()
    assert subscriber.code(30) == 1
    assert "Kafka doesn't let us read" in subscriber.said()
    assert "Traceback" not in subscriber.said()
