"""From a type name and bytes to the newest typed event."""

from collections.abc import Mapping
from uuid import UUID

import orjson
from pydantic import ValidationError

from contracts.event import EVENTS, Event
from contracts.upcasters import UPCASTERS, Upcaster


class Undecodable(ValueError):
    """The data is no event of its type: says which field and why."""


class UnknownType(Undecodable):
    """There is no event of this type here; a newer publisher may know it."""


def decode(
    type_name: str, topic: str, key: str, data: bytes | None, upcasters: Mapping[str, Upcaster] = UPCASTERS
) -> Event:
    """Read an event's JSON data, in whatever version it comes. Raises Undecodable.

    A tombstone has no data: all that it tells is its key.
    """
    while data and type_name in upcasters:
        type_name, upcast = upcasters[type_name]
        data = orjson.dumps(upcast(orjson.loads(data)))
    kind = EVENTS.get(type_name)
    if kind is None:
        raise UnknownType(f"no event has the type {type_name}")
    if kind.topic.name != topic:
        raise Undecodable(f"{type_name} belongs on {kind.topic.name}, not on {topic}")
    if kind.tombstone and data is None:
        return kind.model_construct(None, **{kind.key_field: UUID(key)})
    try:
        event = kind.model_validate_json(data or b"")
    except ValidationError as error:
        reasons = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'data'}: {e['msg']}" for e in error.errors())
        raise Undecodable(f"{type_name}: {reasons}") from error
    if event.key != key:
        raise Undecodable(f"{type_name}: {kind.key_field} {event.key} differs from the record's key {key}")
    return event
