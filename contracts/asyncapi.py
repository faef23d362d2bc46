"""The AsyncAPI 3.0 document: all that a partner needs to read our topics, on one page."""

from collections.abc import Iterable, Mapping
from typing import Any

from contracts.event import EVENTS, Event
from contracts.json_schemas import data_schema, short_name, unwrapped
from contracts.topics import TOPICS, Topic

Sample = Mapping[str, Any]

DESCRIPTION = """\
What happens at the city's employment centre, as facts that other systems may read. Each record is one event, in the
past tense: CloudEvents 1.0 on Kafka in binary mode. The attributes are in the headers, the data in the value.

**Order.** Events with the same key on the same topic come in the order in which they happened to be recorded, so the
story of one seeker on one topic is in order. Nothing else is: not between keys, not between topics. An effect may
arrive before its cause; keep it, and complete it later.

**Delivery is at least once.** The same event may come again, at a later offset and even after younger ones, with the
same `ce_id`. Keep the ids that you have applied, in the transaction of your work, and drop what is known. Drop
nothing for any other reason.

**Completeness.** `ce_sequence` counts 1, 2, 3 ... without gaps for each (`ce_source`, topic, key). A gap, on a topic
that is kept for ever, means that an event is missing: stop and tell us. The same number under another `ce_id` means
that we were restored from a backup: stop and tell us. On a compacted topic gaps are normal.

**Retention.** All topics are kept for ever, so you may begin at the first record, and again whenever you like; the
compacted one keeps the last record of each key. A record without a value on it (a tombstone) means: forget this key.

**Stability.** `x-stability` is `stable` or `draft`. A stable event never changes its meaning and loses no field; only
optional fields are added. Ignore fields that you don't know, and types that you don't know. Any other change is a new
type beside the old (`jobplus.X.v2`); records of the old type stay where they are, and its schema and sample stay here,
so read both to know the whole history. A draft may still change.

**No personal data.** No name, phone, address, birth date or free text is ever in an event. Persons are pseudonymous
ids and bands. Only the compacted topic tells a year of birth, because its records go when the person is erased.
On `SeekerErased`, forget what you hold about that id.

**Time.** `occurred_on` and every other date is a day in Seoul (Asia/Seoul, UTC+9), as claimed by whoever recorded it,
and may lie long before. `recorded_at` and `ce_time` are the moment of record, in UTC: the Seoul day has begun nine
hours earlier. Figures at a day count by `occurred_on`; what was known at a moment is what was recorded up to it.

**Absent** means unknown or not applicable; null is never sent. Money is in won, for a month.
"""

_HEADERS: dict[str, Any] = {
    "title": "CloudEventHeaders",
    "description": "UTF-8 texts. A header that isn't listed may come and means nothing.",
    "type": "object",
    "required": [
        *("content-type", "ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "ce_subject", "ce_sequence")
    ],
    "properties": {
        "content-type": {"type": "string", "const": "application/json"},
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid", "description": "The event's. Drop an event whose id is known."},
        "ce_source": {"type": "string", "description": "The service that publishes it."},
        "ce_type": {"type": "string"},
        "ce_time": {"type": "string", "format": "date-time", "description": "The same moment as `recorded_at`."},
        "ce_subject": {"type": "string", "description": "The same text as the record's key."},
        "ce_sequence": {
            "type": "string",
            "pattern": "^[0-9]{19}$",
            "description": "Dense from 1 for its source, topic and key; padded, so that texts sort as numbers do.",
        },
        "ce_correlationid": {
            "type": "string",
            "description": "The same for all that follows from one request, across services.",
        },
        "ce_causationid": {
            "type": "string",
            "description": "What caused it: the id of an event, or the key of a request.",
        },
    },
}


def document(samples: Iterable[Sample]) -> dict[str, Any]:
    """Write the document; `samples` are whole records, of which those in binary mode become examples."""
    examples: dict[str, list[dict[str, Any]]] = {}
    for sample in samples:
        if kind := sample["headers"].get("ce_type"):
            examples.setdefault(kind, []).append(_example(sample))
    schemas: dict[str, Any] = {"CloudEventHeaders": _HEADERS}
    for kind in EVENTS.values():
        schema, parts = data_schema(kind, refs="#/components/schemas/{model}")
        schemas |= {short_name(kind): schema} | parts
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "jobplus events",
            "version": "1.0.0",
            "description": DESCRIPTION,
        },
        "defaultContentType": "application/json",
        "servers": {"centre": _SERVER},
        "channels": {_channel_name(topic): _channel(topic) for topic in TOPICS},
        "operations": {f"send{_channel_name(topic).title()}": _operation(topic) for topic in TOPICS},
        "components": {
            "messages": {short_name(kind): _message(kind, examples.get(kind.type, [])) for kind in EVENTS.values()},
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {
                "scram": {
                    "type": "scramSha512",
                    "description": "A user and password that the centre's operations team gives to each partner.",
                }
            },
        },
    }


_SERVER: dict[str, Any] = {
    "host": "{bootstrap}",
    "protocol": "kafka-secure",
    "description": "Apache Kafka, over TLS with SCRAM.",
    "variables": {"bootstrap": {"description": "host:port, as the centre's operations team has told you."}},
    "security": [{"$ref": "#/components/securitySchemes/scram"}],
}


def events_on(topic: Topic) -> list[type[Event]]:
    """Give the events of a topic, in the order in which they are declared."""
    return [kind for kind in EVENTS.values() if kind.topic is topic]


def _channel_name(topic: Topic) -> str:
    return topic.name.removeprefix("jobplus.")


def _channel(topic: Topic) -> dict[str, Any]:
    kept = "Compacted: the last record of each key is kept." if topic.compacted else "Kept for ever."
    policy = {"cleanup.policy": ["compact"]} if topic.compacted else {"cleanup.policy": ["delete"], "retention.ms": -1}
    return {
        "address": topic.name,
        "description": f"Keyed by the {topic.key}. {kept} Published by {topic.owner}.",
        "messages": {
            short_name(kind): {"$ref": f"#/components/messages/{short_name(kind)}"} for kind in events_on(topic)
        },
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": policy,
                "bindingVersion": "0.5.0",
            }
        },
    }


def _operation(topic: Topic) -> dict[str, Any]:
    name = _channel_name(topic)
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{name}"},
        "summary": f"{topic.owner} publishes {name}",
        "messages": [{"$ref": f"#/channels/{name}/messages/{short_name(kind)}"} for kind in events_on(topic)],
    }


def _message(kind: type[Event], examples: list[dict[str, Any]]) -> dict[str, Any]:
    key = kind.model_json_schema()["properties"][kind.key_field]
    return {
        "name": kind.type,
        "title": short_name(kind),
        "summary": unwrapped(kind).partition("\n")[0],
        "contentType": "application/json",
        "headers": {
            "allOf": [
                {"$ref": "#/components/schemas/CloudEventHeaders"},
                {
                    "type": "object",
                    "properties": {
                        "ce_type": {"type": "string", "const": kind.type},
                        "ce_source": {"type": "string", "const": f"/jobplus/{kind.topic.owner}"},
                    },
                },
            ]
        },
        "payload": {"$ref": f"#/components/schemas/{short_name(kind)}"},
        "bindings": {"kafka": {"key": {"type": "string", **key}, "bindingVersion": "0.5.0"}},
        **({"examples": examples} if examples else {}),
        "x-stability": kind.stability,
        "x-key": kind.key_field,
    }


def _example(sample: Sample) -> dict[str, Any]:
    example = {"name": sample["headers"]["ce_type"].removeprefix("jobplus."), "headers": sample["headers"]}
    return example if sample["data"] is None else example | {"payload": sample["data"]}
