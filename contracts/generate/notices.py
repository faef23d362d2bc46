"""What partners tell the centre, in the AsyncAPI document: the centre receives it, so whoever writes it sends it."""

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.generate import prose
from contracts.generate.headers import KAFKA_BINDING, headers_of_example
from contracts.notices import KINDS, NOTICES, Notice, NoticeTopic, noticeschema

Node = dict[str, Any]

PARTNER = "{partner}"
"""What stands in an address for the partner's name."""


def channels() -> dict[str, Node]:
    """Give the channel of each kind, whose address has the partner's name as its parameter."""
    return {_name(kind): _channel(kind) for kind in KINDS}


def operations() -> dict[str, Node]:
    """Give what the centre does with each kind."""
    return {f"receive{_name(kind)[0].upper()}{_name(kind)[1:]}": _operation(kind) for kind in KINDS}


def messages(examples: Mapping[str, Node], revisions: Mapping[str, int]) -> dict[str, Node]:
    """Give each notice, with its example (a CloudEvent in structured mode) and the revision of its schema, by type."""
    return {kind.__name__: _message(kind, examples[kind.type], revisions[kind.type]) for kind in NOTICES.values()}


def _name(kind: str) -> str:
    return f"{kind}OfPartner"


def _of(kind: str) -> Iterator[type[Notice]]:
    return (notice for notice in NOTICES.values() if notice.kind == kind)


def _channel(kind: str) -> Node:
    topic = NoticeTopic(PARTNER, kind)
    return {
        "address": topic.name,
        "title": f"{kind} of a partner, keyed by its client number",
        "description": prose.NOTICES,
        "parameters": {"partner": {"description": prose.PARTNER, "examples": ["school"]}},
        "messages": {notice.__name__: {"$ref": f"#/components/messages/{notice.__name__}"} for notice in _of(kind)},
        "bindings": {
            "kafka": {
                "partitions": topic.partitions,
                "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": -1},
                "bindingVersion": KAFKA_BINDING,
            }
        },
    }


def _operation(kind: str) -> Node:
    channel = f"#/channels/{_name(kind)}"
    return {
        "action": "receive",
        "channel": {"$ref": channel},
        "title": f"the centre takes in what a partner writes to {NoticeTopic(PARTNER, kind).name}",
        "summary": "Only the partner whose name is in the topic's writes here, and only where it was let.",
        "messages": [{"$ref": f"{channel}/messages/{notice.__name__}"} for notice in _of(kind)],
    }


def _message(kind: type[Notice], example: Node, revision: int) -> Node:
    headers, payload = headers_of_example(example)
    return {
        "name": kind.type,
        "title": kind.__name__,
        "summary": (kind.__doc__ or "").strip().splitlines()[0],
        "contentType": "application/json",
        "headers": {
            "allOf": [
                {"$ref": "#/components/schemas/NoticeHeaders"},
                {"type": "object", "properties": {"ce_type": {"const": kind.type}}},
            ]
        },
        "tags": [{"name": kind.stability}],
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": "The notice's client_number."},
                "bindingVersion": KAFKA_BINDING,
            }
        },
        "x-stability": kind.stability,
        "x-dataschema": noticeschema(kind.type, revision),
        "payload": {"$ref": f"#/components/schemas/{kind.__name__}"},
        "examples": [{"name": "sample", "headers": headers, "payload": payload}],
    }
