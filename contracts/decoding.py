"""From a type name and bytes to the newest typed event."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from .event import EVENTS, Event
from .open_codes import Seen, counted
from .upcasters import UPCASTERS, Upcaster


class Undecodable(ValueError):
    """The data is no event of its type: says which field and why."""


class UnknownType(Undecodable):
    """There is no event of this type here; a newer publisher may know it."""


def decode(
    type_name: str,
    topic: str,
    key: str,
    data: bytes | None,
    upcasters: Mapping[str, Upcaster] = UPCASTERS,
    seen: Seen | None = None,
) -> Event:
    """Read an event's JSON data, in whatever version it comes, into the newest. Raises Undecodable.

    A tombstone has no data: all that it tells is its key. Codes that no list has are kept, and added to `seen`.
    """
    while type_name in upcasters:
        type_name, data = _upcast(type_name, data, upcasters[type_name])
    kind = EVENTS.get(type_name)
    if kind is None:
        raise UnknownType(f"no event has the type {type_name!r}")
    if kind.topic.name != topic:
        raise Undecodable(f"{type_name} belongs on {kind.topic.name}, not on {topic!r}")
    if kind.tombstone and data is None:
        return _tombstone(kind, key)
    try:
        event = kind.model_validate_json(data or b"", context=seen)
    except ValidationError as error:
        raise Undecodable(f"{type_name}: {reasons(error)}") from error
    if event.key != key:
        raise Undecodable(f"{type_name}: {kind.key_field} {event.key!r} differs from the record's key {key!r}")
    return event


def decode_counted(type_name: str, topic: str, key: str, data: bytes | None) -> Event:
    """Read an event as `decode` does, for who counts it: a code that no list has is the one that it belongs to, or
    `unknown`."""
    seen = Seen()
    event = decode(type_name, topic, key, data, seen=seen)
    return counted(event) if seen else event


def _upcast(type_name: str, data: bytes | None, upcaster: Upcaster) -> tuple[str, bytes]:
    newer_type, newer = upcaster
    try:
        return newer_type, to_json(newer(from_json(data or b"", allow_inf_nan=False)))
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise Undecodable(f"{type_name} can't be read as {newer_type}: {type(error).__name__} {error}") from error


def _tombstone(kind: type[Event], key: str) -> Event:
    try:
        return kind.model_construct(None, **{kind.key_field: UUID(key)})
    except ValueError as error:
        raise Undecodable(f"{kind.type}: the record's key {key!r} is no UUID") from error


def reasons(error: ValidationError) -> str:
    """Say each field that is wrong, and why."""
    faults = (f"{'.'.join(map(str, fault['loc'])) or 'data'}: {fault['msg']}" for fault in error.errors())
    return "; ".join(faults).replace("\0", "\\0")  # PostgreSQL keeps no NUL, and dead letters keep this text
