"""What was once published can always be read."""

from pathlib import Path

import pytest

from chassis.stream.cloudevents import from_record
from contracts import EVENTS, decode
from tests.contracts.samples import SAMPLES, STRUCTURED, envelope


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_read_and_nothing_of_it_is_lost(path: Path) -> None:
    cloud_event = envelope(path)
    key = cloud_event["subject"]
    attributes, data = from_record(STRUCTURED, key.encode(), path.read_bytes())
    topic = EVENTS[attributes.type].topic
    event = decode(attributes.type, topic.name, attributes.subject, data)
    assert event.key == key
    assert attributes.source == f"/jobplus/{topic.owner}"
    assert decode(event.type, topic.name, key, event.encode()) == event
    if data is not None:
        assert attributes.time == event.recorded_at
        told = event.model_dump(mode="json", exclude_none=True, exclude_unset=True)
        assert told | {"recorded_at": ""} == cloud_event["data"] | {"recorded_at": ""}


def test_every_event_has_a_sample() -> None:
    assert {envelope(path)["type"] for path in SAMPLES} >= set(EVENTS)


def test_each_sample_is_an_event_of_its_own() -> None:
    ids = [envelope(path)["id"] for path in SAMPLES]
    assert sorted(ids) == sorted(set(ids))
