"""CloudEvents 1.0 on Kafka: attributes to and from a record's headers. Binary mode out, both modes in.

Written by hand because it runs for every event: building the headers takes a microsecond or two where the
CloudEvents library takes about eleven; a conformance test holds both against each other.
"""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson

STRUCTURED = b"application/cloudevents+json"
_JSON = (("content-type", b"application/json"), ("ce_specversion", b"1.0"))


class MalformedEvent(ValueError):
    """The record is no CloudEvent that can be read: says what is wrong."""


class Attributes(NamedTuple):
    """What CloudEvents says of an event. `sequence` is dense from 1 for its source, topic and key."""

    id: UUID
    source: str
    type: str
    time: datetime
    subject: str
    sequence: int
    correlation_id: str
    causation_id: str


def to_headers(attributes: Attributes) -> list[tuple[str, bytes]]:
    """Write the headers of binary mode."""
    return [
        *_JSON,
        ("ce_id", str(attributes.id).encode()),
        ("ce_source", attributes.source.encode()),
        ("ce_type", attributes.type.encode()),
        ("ce_time", attributes.time.isoformat().encode()),
        ("ce_subject", attributes.subject.encode()),
        ("ce_sequence", b"%d" % attributes.sequence),
        ("ce_correlationid", attributes.correlation_id.encode()),
        ("ce_causationid", attributes.causation_id.encode()),
    ]


def from_record(
    headers: Sequence[tuple[str, bytes]], key: bytes | None, value: bytes | None
) -> tuple[Attributes, bytes | None]:
    """Read a record in either mode; gives the attributes and the data (None for a tombstone).

    Raises MalformedEvent.
    """
    given = {name.lower(): content for name, content in headers}
    try:
        if given.get("content-type", b"").lower().startswith(STRUCTURED):
            return _structured(value)
        texts = {name[3:]: content.decode() for name, content in given.items() if name.startswith("ce_")}
        return _attributes(texts), value
    except (KeyError, ValueError, TypeError) as error:
        reason = f"attribute {error} is missing" if isinstance(error, KeyError) else str(error)
        raise MalformedEvent(f"not a CloudEvent: {reason}") from error


def _structured(value: bytes | None) -> tuple[Attributes, bytes | None]:
    envelope: Any = orjson.loads(value or b"")
    if not isinstance(envelope, dict):
        raise ValueError("the envelope is no JSON object")
    fields: dict[str, Any] = {str(name): content for name, content in envelope.items()}
    attributes = _attributes({name: str(content) for name, content in fields.items() if not name.startswith("data")})
    if "data_base64" in fields:
        return attributes, base64.b64decode(fields["data_base64"], validate=True)
    return attributes, orjson.dumps(fields["data"]) if fields.get("data") is not None else None


def _attributes(texts: dict[str, str]) -> Attributes:
    if texts["specversion"] != "1.0":
        raise ValueError(f"specversion {texts['specversion']} is not 1.0")
    time = datetime.fromisoformat(texts["time"])
    if time.tzinfo is None:
        raise ValueError("time has no offset")
    return Attributes(
        id=UUID(texts["id"]),
        source=texts["source"],
        type=texts["type"],
        time=time,
        subject=texts["subject"],
        sequence=int(texts["sequence"]),
        correlation_id=texts.get("correlationid", ""),
        causation_id=texts.get("causationid", ""),
    )
