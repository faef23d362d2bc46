"""CloudEvents 1.0 on Kafka: attributes to and from a record's headers. Binary mode out, both modes in.

Written by hand because it runs for every event: building the headers takes a microsecond or two where the
CloudEvents library takes about eleven; a conformance test holds both against each other.
"""

import base64
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import orjson

_Parsed = TypeVar("_Parsed")

STRUCTURED = b"application/cloudevents+json"
AGAIN_FOR = "ce_republishedfor"
"""The header of an event that is sent again: for which services, separated by commas. To others it is no news."""
_JSON = (("content-type", b"application/json"), ("ce_specversion", b"1.0"))
_FIRST = (*(name for name, _ in _JSON), "ce_id", "ce_source", "ce_type", "ce_time", "ce_subject", "ce_sequence",
          "ce_correlationid", "ce_causationid")  # fmt: skip
_WITH_SCHEMA = (*_FIRST, "ce_dataschema", "ce_centre")
_OURS = {len(names): names for names in (_FIRST, _WITH_SCHEMA, (*_WITH_SCHEMA, "ce_traceparent"))}
"""The headers that `to_headers` writes, in their order, by how many they are: with a trace and without, and as before
each event named its schema and its centre."""

_DATA = ("data", "data_base64", "datacontenttype")
_TRACE = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


class MalformedEvent(ValueError):
    """The record is no CloudEvent that can be read: says what is wrong."""


class Attributes(NamedTuple):
    """What CloudEvents says of an event.

    `time` is aware. `sequence` is dense from 1 for its source, topic and key. `correlation_id` and `causation_id`
    are empty where the sender gave none; so are `dataschema`, which names the schema of the data by type and revision,
    `centre`, where it happened, and `traceparent` (W3C Trace Context).
    """

    id: UUID
    source: str
    type: str
    time: datetime
    subject: str
    sequence: int
    correlation_id: str
    causation_id: str
    dataschema: str = ""
    centre: str = ""
    traceparent: str = ""


def trace(text: str | None) -> str:
    """Give a traceparent as it is, or nothing where it isn't one of version 00: then whatever it belongs to is taken
    without."""
    return text if text and _TRACE.fullmatch(text) else ""


def to_headers(attributes: Attributes) -> list[tuple[str, bytes]]:
    """Write the headers of binary mode, without those of the last three attributes that are empty."""
    headers = [
        *_JSON,
        ("ce_id", str(attributes.id).encode()),
        ("ce_source", attributes.source.encode()),
        ("ce_type", attributes.type.encode()),
        ("ce_time", attributes.time.isoformat().encode()),
        ("ce_subject", attributes.subject.encode()),
        ("ce_sequence", b"%019d" % attributes.sequence),  # the extension wants strings that sort as the numbers do
        ("ce_correlationid", attributes.correlation_id.encode()),
        ("ce_causationid", attributes.causation_id.encode()),
    ]
    if attributes.dataschema:
        headers.append(("ce_dataschema", attributes.dataschema.encode()))
    if attributes.centre:
        headers.append(("ce_centre", attributes.centre.encode()))
    if attributes.traceparent:
        headers.append(("ce_traceparent", attributes.traceparent.encode()))
    return headers


def from_record(
    headers: Sequence[tuple[str, bytes]], key: bytes | None, value: bytes | None
) -> tuple[Attributes, bytes | None]:
    """Read a record in either mode; gives the attributes and the data (None for a tombstone).

    Raises MalformedEvent.
    """
    if (ours := _as_we_write(headers)) is not None:
        return ours, value
    given = {name.lower(): content for name, content in headers}
    try:
        content_type = given.get("content-type") or b""
        if content_type.lower().startswith(STRUCTURED):
            return _structured(value)
        if content_type.lower().startswith(b"application/cloudevents"):
            raise ValueError(f"{content_type.decode()} can't be read here, only {STRUCTURED.decode()}")
        texts = {name[3:]: content.decode() for name, content in given.items() if name.startswith("ce_") and content}
        return _attributes(texts), value
    except (KeyError, ValueError, TypeError) as error:
        reason = f"the attribute {error} is missing" if isinstance(error, KeyError) else str(error)
        raise MalformedEvent(f"not a CloudEvent: {reason}") from error


def _as_we_write(headers: Sequence[tuple[str, bytes]]) -> Attributes | None:
    """Read the headers of our own services in a fraction of the time; None where they aren't exactly as we write them,
    or where anything is wrong with them, which is then told by who reads any."""
    if tuple([name for name, _ in headers]) != _OURS.get(len(headers)) or tuple(headers[:2]) != _JSON:
        return None
    try:
        id_, source, type_, time, subject, sequence, correlation_id, causation_id, *others = texts = [
            content.decode() for _, content in headers[2:]
        ]
        dataschema, centre = others[:2] or ("", "")
        given = Attributes(
            UUID(id_),
            source,
            type_,
            datetime.fromisoformat(time),
            subject,
            int(sequence),
            correlation_id,
            causation_id,
            dataschema,
            centre,
            trace(others[2]) if len(others) > 2 else "",
        )
    except (ValueError, AttributeError):
        return None
    told = source and type_ and subject and "\0" not in "".join(texts)
    return given if told and given.time.tzinfo is not None and 1 <= given.sequence < 2**63 else None


def again_for(headers: Sequence[tuple[str, bytes]]) -> list[str]:
    """Tell for which services a record was sent again; for none where it wasn't."""
    return next((value.decode("utf-8", "replace").split(",") for name, value in headers if name == AGAIN_FOR), [])


def _structured(value: bytes | None) -> tuple[Attributes, bytes | None]:
    envelope: Any = orjson.loads(value or b"")
    if not isinstance(envelope, dict):
        raise ValueError("the envelope is no JSON object")
    fields: dict[str, Any] = {str(name): content for name, content in envelope.items() if content is not None}
    attributes = _attributes({name: str(content) for name, content in fields.items() if name not in _DATA})
    if "data_base64" in fields:
        return attributes, base64.b64decode(fields["data_base64"], validate=True)
    return attributes, orjson.dumps(fields["data"]) if "data" in fields else None


def _attributes(texts: dict[str, str]) -> Attributes:
    if texts["specversion"] != "1.0":
        raise ValueError(f"specversion {texts['specversion']!r} is not '1.0'")
    attributes = Attributes(
        id=_parsed(texts, "id", UUID),
        source=texts["source"],
        type=texts["type"],
        time=_parsed(texts, "time", datetime.fromisoformat),
        subject=texts["subject"],
        sequence=_parsed(texts, "sequence", int),
        correlation_id=texts.get("correlationid", ""),
        causation_id=texts.get("causationid", ""),
        dataschema=texts.get("dataschema", ""),
        centre=texts.get("centre", ""),
        traceparent=trace(texts.get("traceparent")),
    )
    if attributes.time.tzinfo is None:
        raise ValueError("time has no offset")
    if not 1 <= attributes.sequence < 2**63:
        raise ValueError(f"sequence {texts['sequence']!r} is no number from 1")
    if "\0" in "".join(texts.values()):
        raise ValueError("an attribute holds a NUL, which PostgreSQL can't keep")
    return attributes


def _parsed(texts: dict[str, str], name: str, parse: Callable[[str], _Parsed]) -> _Parsed:
    text = texts[name]
    try:
        return parse(text)
    except ValueError as error:
        raise ValueError(f"{name} {text[:80]!r}: {error}") from error
