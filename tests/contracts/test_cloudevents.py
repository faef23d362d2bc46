"""Our records are CloudEvents to the CloudEvents library, and the library's are events to us; in both modes."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka, to_binary, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from chassis.stream.cloudevents import Attributes, MalformedEvent, from_record, to_headers
from contracts import EVENTS, decode
from tests.contracts.samples import SAMPLES, STRUCTURED, envelope, sample

WITH_DATA = [path for path in SAMPLES if "data" in envelope(path)]
ATTRIBUTES = Attributes(
    id=UUID("011f1a2c-0080-7080-8080-000000000080"),
    source="/jobplus/matching",
    type="jobplus.Placed",
    time=datetime(2009, 2, 23, 5, 28, 7, 250_000, UTC),
    subject="011f1a2c-0001-7001-8001-000000000001",
    sequence=4,
    correlation_id="요청-1",
    causation_id="c",
    dataschema="urn:jobplus:schema:Placed:1",
    centre="main",
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)
HEADERS = to_headers(ATTRIBUTES)
BEFORE = ATTRIBUTES._replace(dataschema="", centre="", traceparent="")
WRITTEN = [HEADERS, to_headers(ATTRIBUTES._replace(traceparent="")), to_headers(BEFORE)]
"""In a trace, in none, and from before schema and centre were told."""


def _theirs(path: Path) -> CloudEvent:
    attributes = envelope(path)
    data = attributes.pop("data")
    return CloudEvent({**attributes, "time": datetime.fromisoformat(attributes["time"])}, data)


def _with(**changed: bytes | None) -> list[tuple[str, bytes]]:
    kept = {**dict(HEADERS), **{f"ce_{name}": value for name, value in changed.items()}}
    return [(name, value) for name, value in kept.items() if value is not None]


@pytest.mark.parametrize("path", WITH_DATA, ids=lambda path: path.stem)
def test_the_library_reads_what_we_send(path: Path) -> None:
    attributes, data = from_record(STRUCTURED, None, path.read_bytes())
    event = decode(attributes.type, EVENTS[attributes.type].topic.name, attributes.subject, data)
    sent = KafkaMessage(dict(to_headers(attributes)), event.key.encode(), event.encode() or b"")
    read = from_kafka(sent, JSONFormat())
    assert read.get_attributes() == {**_theirs(path).get_attributes(), "partitionkey": event.key}
    assert read.get_data() == event.model_dump(mode="json", exclude_none=True)


@pytest.mark.parametrize("write", [to_binary, to_structured])
@pytest.mark.parametrize("path", WITH_DATA, ids=lambda path: path.stem)
def test_we_read_what_the_library_sends(path: Path, write: Any) -> None:
    message = write(_theirs(path), JSONFormat())
    attributes, data = from_record(list(message.headers.items()), None, message.value)
    expected, plain = from_record(STRUCTURED, None, path.read_bytes())
    assert attributes == expected
    topic = EVENTS[attributes.type].topic.name
    key = attributes.subject
    assert decode(attributes.type, topic, key, data) == decode(attributes.type, topic, key, plain)


@pytest.mark.parametrize("headers", WRITTEN, ids=len)
def test_headers_as_we_write_them_are_read_by_the_fast_way(headers: list[tuple[str, bytes]]) -> None:
    with mock.patch("chassis.stream.cloudevents._attributes", side_effect=AssertionError("the general way was taken")):
        attributes, _ = from_record(headers, b"key", b"{}")
    assert to_headers(attributes) == headers


def test_a_record_from_before_the_envelope_told_more_is_read_without_it() -> None:
    assert from_record(to_headers(BEFORE), b"key", b"{}") == (BEFORE, b"{}")
    assert [name for name, _ in HEADERS[len(to_headers(BEFORE)) :]] == ["ce_dataschema", "ce_centre", "ce_traceparent"]


@pytest.mark.parametrize(
    "text",
    [
        b"00-00000000000000000000000000000000-b7ad6b7169203331-01",
        b"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        b"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        b"00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n",
        b"somebody",
        b"",
    ],
)
def test_an_event_whose_trace_is_none_is_taken_without_it(text: bytes) -> None:
    headers = _with(traceparent=text)
    assert from_record(headers, None, None)[0] == ATTRIBUTES._replace(traceparent="")
    assert from_record(headers[::-1], None, None)[0] == ATTRIBUTES._replace(traceparent="")


def test_what_we_send_we_read_unchanged() -> None:
    assert from_record(HEADERS, b"key", b"{}") == (ATTRIBUTES, b"{}")
    assert from_record(HEADERS, b"key", None) == (ATTRIBUTES, None)


def test_sequence_numbers_sort_as_text_in_the_order_of_the_numbers() -> None:
    numbers = [1, 9, 10, 99, 2**63 - 1]
    texts = [dict(to_headers(ATTRIBUTES._replace(sequence=number)))["ce_sequence"] for number in numbers]
    assert texts == sorted(texts)
    assert [from_record(_with(sequence=text), None, None)[0].sequence for text in texts] == numbers


def test_data_in_base64_is_read_in_structured_mode() -> None:
    cloud_event = {**sample("jobplus.Placed"), "data_base64": "eyJhIjoxfQ=="}
    del cloud_event["data"]
    assert from_record(STRUCTURED, None, json.dumps(cloud_event).encode())[1] == b'{"a":1}'


def test_structured_mode_takes_a_number_for_the_sequence_and_null_for_absent() -> None:
    cloud_event = {**sample("jobplus.Placed"), "sequence": 7, "causationid": None, "data": None}
    attributes, data = from_record([("Content-Type", STRUCTURED[0][1])], None, json.dumps(cloud_event).encode())
    assert (attributes.sequence, attributes.causation_id, data) == (7, "", None)


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ([], "the attribute 'specversion' is missing"),
        (_with(id=None), "the attribute 'id' is missing"),
        (_with(subject=b""), "the attribute 'subject' is missing"),
        (_with(specversion=b"0.3"), "specversion '0.3' is not '1.0'"),
        (_with(id=b"7"), "UUID"),
        (_with(time=b"yesterday"), "yesterday"),
        (_with(time=b"2009-01-28T09:00:00"), "time has no offset"),
        (_with(sequence=b"one"), "one"),
        (_with(sequence=b"0"), "no number from 1"),
        (_with(sequence=b"9223372036854775808"), "no number from 1"),
        (_with(type=b"\xff"), "utf-8"),
        (_with(correlationid=b"a\0b"), "NUL"),
        ([("content-type", b"application/cloudevents-batch+json")], "can't be read here"),
        (STRUCTURED, "not a CloudEvent"),
    ],
)
def test_what_is_no_cloudevent_is_refused_with_the_reason(headers: list[tuple[str, bytes]], reason: str) -> None:
    with pytest.raises(MalformedEvent, match=reason):
        from_record(headers, None, None)


@pytest.mark.parametrize("text", [b"", b"[]", b"7", b'{"specversion": 1}', b"[" * 100_000])
def test_an_envelope_that_is_none_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedEvent):
        from_record(STRUCTURED, None, text)


def test_a_header_without_a_value_is_as_good_as_absent() -> None:
    headers: Any = [(name, None if name == "ce_source" else value) for name, value in HEADERS]
    with pytest.raises(MalformedEvent, match="'source' is missing"):
        from_record(headers, None, None)


def _read(headers: list[tuple[str, bytes]]) -> Attributes | str:
    try:
        return from_record(headers, None, None)[0]
    except MalformedEvent as refused:
        return str(refused)


@given(
    st.sampled_from(WRITTEN),
    st.sampled_from([name for name, _ in HEADERS]),
    st.sampled_from([content for _, content in HEADERS]) | st.binary() | st.text().map(str.encode),
)
def test_headers_as_we_write_them_are_read_as_in_any_other_order(
    written: list[tuple[str, bytes]], name: str, content: bytes
) -> None:
    headers = [(given_name, content if given_name == name else given) for given_name, given in written]
    assert _read(headers) == _read(headers[::-1])


@given(
    st.sampled_from([name for name, _ in HEADERS]),
    st.binary() | st.text().map(str.encode),
    st.none() | st.binary(),
)
def test_any_bytes_are_a_cloudevent_or_refused(name: str, content: bytes, value: bytes | None) -> None:
    headers = [(given_name, content if given_name == name else given) for given_name, given in HEADERS]
    try:
        told = "".join(map(str, from_record(headers, None, value)[0]))
    except MalformedEvent as refused:
        told = str(refused)
    assert "\0" not in told
