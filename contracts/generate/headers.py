"""CloudEvents' attributes as Kafka headers (binary mode), described for readers."""

from typing import Any

Node = dict[str, Any]

KAFKA_BINDING = "0.5.0"
"""The version of AsyncAPI's bindings for Kafka."""

HEADERS: Node = {
    "type": "object",
    "description": "CloudEvents 1.0, Kafka protocol binding, binary mode. Each value is UTF-8 text.",
    "required": [
        "content-type", "ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "ce_subject", "ce_sequence",
    ],
    "properties": {
        "content-type": {"type": "string", "const": "application/json"},
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {
            "type": "string",
            "format": "uuid",
            "description": "A UUIDv7. The same event may come again, at a new offset: drop an id that you know.",
        },
        "ce_source": {
            "type": "string",
            "format": "uri-reference",
            "description": "The service that published it, /jobplus/SERVICE.",
        },
        "ce_type": {"type": "string", "description": "Which event it is. Skip types that you don't know."},
        "ce_time": {
            "type": "string",
            "format": "date-time",
            "description": "When it was recorded; the same as recorded_at in the data.",
        },
        "ce_subject": {"type": "string", "description": "The same as the record's key."},
        "ce_sequence": {
            "type": "string",
            "pattern": "^[0-9]{19}$",
            "description": (
                "A decimal number with leading zeros, so that it sorts as text: 1, 2, 3 ... without a gap for each "
                "source, topic and key. A gap on a topic that isn't compacted means that something was lost."
            ),
        },
        "ce_correlationid": {
            "type": "string",
            "description": "The same for all that follows from one request.",
        },
        "ce_causationid": {
            "type": "string",
            "description": "What caused it: the ce_id of an event, or the key of a request.",
        },
        "ce_dataschema": {
            "type": "string",
            "format": "uri",
            "pattern": "^urn:jobplus:schema:",
            "description": (
                "The schema of the data, by its type and revision: the $id of its JSON Schema, which fixes the "
                "editions of the code lists. Absent in events from before it was told."
            ),
        },
        "ce_centre": {
            "type": "string",
            "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
            "description": "The centre in which it happened. Absent in events from before it was told.",
        },
        "ce_traceparent": {
            "type": "string",
            "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
            "description": "The trace that it belongs to (W3C Trace Context), where whoever asked for it named one.",
        },
        "ce_republishedfor": {
            "type": "string",
            "description": (
                "Only in an event that was sent again, under the ce_id and ce_sequence that it had, for services of "
                "the centre that had lost it: their names, separated by commas. To everybody else it is no news."
            ),
        },
    },
}  # fmt: skip


NOTICE_HEADERS: Node = {
    "type": "object",
    "description": (
        "CloudEvents 1.0, Kafka protocol binding, in binary mode: each value is UTF-8 text. Structured mode is read as "
        "well. Further headers are ignored."
    ),
    "required": ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "ce_subject", "ce_sequence"],
    "properties": {
        "content-type": {"type": "string", "const": "application/json"},
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {
            "type": "string",
            "format": "uuid",
            "description": "Of your making, one for each notice: what is sent again has the id that it had.",
        },
        "ce_source": {
            "type": "string",
            "format": "uri-reference",
            "pattern": "^/partners/[a-z][a-z0-9-]{1,30}[a-z0-9]$",
            "description": "/partners/NAME, with the name in the topic's.",
        },
        "ce_type": {"type": "string", "description": "Which notice it is."},
        "ce_time": {"type": "string", "format": "date-time", "description": "When you recorded it, with an offset."},
        "ce_subject": {"type": "string", "description": "The same as the record's key: your number of the client."},
        "ce_sequence": {
            "type": "string",
            "pattern": "^[0-9]{1,19}$",
            "description": "Counts your notices of that client on that topic: 1, 2, 3 ... without a gap.",
        },
    },
}


def headers_of_example(envelope: Node) -> tuple[Node, Any]:
    """Split a CloudEvent in structured mode into binary mode's headers and the data (None for a tombstone)."""
    attributes = {name: value for name, value in envelope.items() if name not in ("data", "datacontenttype")}
    headers = {"content-type": "application/json", **{f"ce_{name}": value for name, value in attributes.items()}}
    return headers, envelope.get("data")
