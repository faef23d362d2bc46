"""The example in Go, written from the AsyncAPI document alone, knows just what is open, however often it was killed."""

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from contracts.event import Event
from contracts.open_codes import UnknownCode
from contracts.vacancies import VacancyChanged, VacancyClosed, VacancyOpened
from tests.contracts.samples import HOME
from tests.examples.centre import Centre
from tests.examples.subscriber import Subscriber, read_with_kills
from tests.kit import events
from tests.kit.packages import ROOT
from tests.kit.records import Record, Sources

PROGRAM = ROOT / ".venv" / "bin" / "open-vacancies"
SOURCES = ROOT / "examples" / "open_vacancies"
OCCUPATIONS = ("02", "11", UnknownCode("1101"))
"""The last is in no list: it is kept as it is told."""
FIRST = date(2026, 1, 5)
needs_go = pytest.mark.skipif(not PROGRAM.exists(), reason="the example isn't built: install Go, then make setup")


def _vacancies(count: int, draw: Random) -> list[Event]:
    """Draw vacancies that are opened, changed and closed, side by side."""
    lives: list[list[Event]] = []
    for _ in range(count):
        day = FIRST + timedelta(draw.randrange(200))
        opened = events.vacancy_opened(day, occupation=draw.choice(OCCUPATIONS), openings=draw.randint(1, 5))
        terms = dict(opened)
        life: list[Event] = [opened]
        for openings in range(draw.randrange(3)):
            changed = {"openings": openings + 1, "changed": ["openings"], "openings_before": opened.openings}
            life.append(VacancyChanged.model_validate({**terms, **changed}))
        if draw.random() < 0.6:
            closing = {"reason": "filled", "placed": 1}
            life.append(VacancyClosed.model_validate({**terms, **closing}))
        lives.append(life)
    laid: list[Event] = []
    while lives:
        laid.append((life := draw.choice(lives)).pop(0))
        lives = [life for life in lives if life]
    return laid


def _wanted(story: list[Event]) -> dict[str, int]:
    """Work out how many people are sought by occupation, from the story as it happened."""
    now: dict[str, VacancyOpened | VacancyChanged] = {}
    for event in story:
        if isinstance(event, VacancyOpened | VacancyChanged):
            now[event.key] = event
        else:
            now.pop(event.key)
    counts: Counter[str] = Counter()
    for event in now.values():
        counts[event.occupation] += event.openings
    return dict(counts)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state.json"


def _state(state: Path) -> dict[str, Any]:
    return json.loads(state.read_text()) if state.exists() else {"next": {}, "wanted": {}}


def _read(state: Path) -> int:
    return sum(_state(state)["next"].values())


@needs_go
def test_it_knows_just_what_is_open_after_kills_in_the_middle(centre: Centre, state: Path, tmp_path: Path) -> None:
    credentials, draw = centre.let_in("school", "vacancies", tmp_path), Random(20261129)
    story = _vacancies(1500, draw)
    records: list[Record] = []
    for record in Sources().records(story):
        records += [record] * draw.choice([1, 1, 1, 2])
    records += draw.sample(records, 100)
    subscriber = Subscriber([PROGRAM, credentials, state], tmp_path, lambda: _read(state))
    read_with_kills(subscriber, centre, records)
    assert _read(state) == len(records)
    assert _state(state)["wanted"] == _wanted(story)
    assert len(_state(state)["vacancies"]) == 1500


@needs_go
@pytest.mark.parametrize(
    ("name", "topics", "old", "new", "refusal"),
    [
        ("wrong-word-go", "vacancies", '"password": "', '"password": "x', "Kafka doesn't let us in"),
        ("cases-alone", "cases", "", "", "jobplus.vacancies"),
    ],
)
def test_it_says_who_does_not_let_it_in(
    centre: Centre, state: Path, tmp_path: Path, name: str, topics: str, old: str, new: str, refusal: str
) -> None:
    credentials = centre.let_in(name, topics, tmp_path)
    credentials.write_text(credentials.read_text().replace(old, new))
    subscriber = Subscriber([PROGRAM, credentials, state], tmp_path, lambda: _read(state))
    subscriber.launch()
    assert subscriber.code(60) == 1
    assert refusal in subscriber.said()


def test_it_names_topic_partitions_headers_and_fields_as_the_document_does() -> None:
    document: Any = yaml.safe_load((HOME / "asyncapi.yaml").read_text("utf-8"))
    program = "".join(path.read_text("utf-8") for path in SOURCES.glob("*.go"))
    channel = document["channels"]["vacancies"]
    assert f'topic      = "{channel["address"]}"' in program
    assert f"partitions = {channel['bindings']['kafka']['partitions']} " in program
    named = {event for event in document["components"]["messages"] if f'"jobplus.{event}"' in program}
    assert named == {"VacancyOpened", "VacancyChanged", "VacancyClosed"} <= {*channel["messages"]}
    schemas = document["components"]["schemas"]
    for header in ("ce_type", "ce_sequence"):
        assert f'headers["{header}"]' in program
        assert header in schemas["CloudEventHeaders"]["properties"]
    for event in ("VacancyOpened", "VacancyChanged"):
        assert {"occupation", "openings"} <= schemas[event]["properties"].keys()
