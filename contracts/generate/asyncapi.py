"""The AsyncAPI 3 document: channels with their Kafka settings, messages with their CloudEvents headers."""

from collections.abc import Mapping
from typing import Any

from contracts.event import EVENTS, Event, dataschema
from contracts.generate import notices, prose
from contracts.generate.headers import HEADERS, KAFKA_BINDING, NOTICE_HEADERS, headers_of_example
from contracts.generate.schemas import shared_schemas
from contracts.notices import NOTICES
from contracts.topics import PARTNER_TOPICS, Topic
from contracts.version import VERSION

Node = dict[str, Any]

DAY_MILLISECONDS = 86_400_000

_SERVER: Node = {
    "host": "{bootstrap}",
    "protocol": "kafka-secure",
    "description": "Apache Kafka over TLS. The local stack (`jobplus up`) has none: plain on 127.0.0.1:7400.",
    "variables": {"bootstrap": {"description": "host:port, as the centre's operators have told you."}},
    "security": [{"$ref": "#/components/securitySchemes/scram"}],
}
_SCRAM: Node = {
    "type": "scramSha512",
    "description": "A user and a password, which the centre's operators give to each reader.",
}


def document(examples: Mapping[str, Node], revisions: Mapping[str, int]) -> Node:
    """Make the document. `examples` holds a CloudEvent in structured mode for each event and notice by its type,
    `revisions` those of its schema."""
    kinds = [kind for kind in EVENTS.values() if kind.topic.partners]
    return {
        "asyncapi": "3.0.0",
        "id": "urn:jobplus:events",
        "info": {
            "title": "jobplus: events of a city employment centre",
            "version": VERSION,
            "description": prose.DESCRIPTION,
            "tags": [{"name": name, "description": text} for name, text in prose.STABILITY.items()],
        },
        "defaultContentType": "application/json",
        "servers": {"centre": _SERVER},
        "channels": {_name(topic): _channel(topic) for topic in PARTNER_TOPICS} | notices.channels(),
        "operations": {f"publish{_name(topic).capitalize()}": _operation(topic) for topic in PARTNER_TOPICS}
        | notices.operations(),
        "components": {
            "messages": {kind.__name__: _message(kind, examples[kind.type], revisions[kind.type]) for kind in kinds}
            | notices.messages(examples, revisions),
            "schemas": {
                "CloudEventHeaders": HEADERS,
                "NoticeHeaders": NOTICE_HEADERS,
                **shared_schemas([*kinds, *NOTICES.values()]),
            },
            "securitySchemes": {"scram": _SCRAM},
        },
    }


def _name(topic: Topic) -> str:
    return topic.name.removeprefix("jobplus.")


def _kinds(topic: Topic) -> list[type[Event]]:
    return [kind for kind in EVENTS.values() if kind.topic == topic]


def _channel(topic: Topic) -> Node:
    return {
        "address": topic.name,
        "title": f"{_name(topic)}, keyed by the {topic.key}",
        "description": prose.channel(topic),
        "messages": {kind.__name__: {"$ref": f"#/components/messages/{kind.__name__}"} for kind in _kinds(topic)},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": {
                    "cleanup.policy": ["compact"],
                    "delete.retention.ms": topic.tombstone_days * DAY_MILLISECONDS,
                }
                if topic.compacted
                else {"cleanup.policy": ["delete"], "retention.ms": -1},
                "bindingVersion": KAFKA_BINDING,
            }
        },
    }


def _operation(topic: Topic) -> Node:
    channel = f"#/channels/{_name(topic)}"
    return {
        "action": "send",
        "channel": {"$ref": channel},
        "title": f"{topic.owner} publishes to {topic.name}",
        "summary": f"Only {topic.owner} publishes here; whoever is allowed to read may subscribe.",
        "messages": [{"$ref": f"{channel}/messages/{kind.__name__}"} for kind in _kinds(topic)],
    }


def _message(kind: type[Event], example: Node, revision: int) -> Node:
    meaning = (kind.__doc__ or "").strip()
    headers, payload = headers_of_example(example)
    shown: Node = {"name": "sample", "headers": headers}
    message: Node = {
        "name": kind.type,
        "title": kind.__name__,
        "summary": meaning.splitlines()[0],
        "contentType": "application/json",
        "headers": {
            "allOf": [
                {"$ref": "#/components/schemas/CloudEventHeaders"},
                {
                    "type": "object",
                    "properties": {
                        "ce_type": {"const": kind.type},
                        "ce_source": {"const": f"/jobplus/{kind.topic.owner}"},
                    },
                },
            ]
        },
        "correlationId": {"location": "$message.header#/ce_correlationid"},
        "tags": [{"name": kind.stability}],
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": f"The event's {kind.key_field}."},
                "bindingVersion": KAFKA_BINDING,
            }
        },
        "x-stability": kind.stability,
        "x-dataschema": dataschema(kind.type, revision),
    }
    if kind.tombstone:
        message["payload"] = {"type": "null", "description": "No value: Kafka removes what it has under this key."}
        shown["payload"] = None
    else:
        message["payload"] = {"$ref": f"#/components/schemas/{kind.__name__}"}
        shown["payload"] = payload
    return {**message, "examples": [shown]}
