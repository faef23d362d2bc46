"""Events with codes that no list of ours has, as a newer publisher would write them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import orjson
import uuid_utils.compat as uuids

import contracts
from contracts.event import Event
from contracts.generate.drafts import draft_of
from contracts.generate.schemas import Schema, schema_of

NEW = "brand-new"
SAMPLES = Path(contracts.__file__).parent / "samples"
Place = tuple[str | int, ...]
Kind = TypeVar("Kind", bound=Event)


def told(event: Kind, changed: Mapping[Place, str]) -> Kind:
    """Give an event as it is read where other codes stand at some places: ("person", "wanted_occupations", 0)."""
    return type(event).model_validate_json(_written(orjson.loads(event.encode() or b""), changed))


def places_of(kind: type[Event]) -> list[Place]:
    """Say where an event has a code of a list."""
    schema = schema_of(kind)
    return list(_places(schema, schema["$defs"], ()))


def somewhere_new(kind: type[Kind], place: Place) -> Kind:
    """Give an event with every field, of ids that nobody has used yet, whose code at a place is new."""
    data = draft_of(kind)["data"]
    for path in sorted(SAMPLES.glob(f"{kind.type}*.json")):
        data |= orjson.loads(path.read_bytes()).get("data", {})
    data = _anew(data)
    if kind.key_field == "subject":
        data["subject"] = str(uuids.uuid7())
    elif kind.key_field == "measure" and ("measure",) not in places_of(kind):
        data["measure"] = f"m{uuids.uuid7().hex}"
    return kind.model_validate_json(_written(data, {place: NEW}))


def _written(data: Any, changed: Mapping[Place, str]) -> bytes:
    for place, code in changed.items():
        *way, last = place
        node = data
        for step in way:
            node = node[step]
        node[last] = code
    return orjson.dumps(data)


def _anew(node: Any) -> Any:
    """Give JSON with another id for each of its ids."""
    if isinstance(node, dict):
        return {name: _anew(inner) for name, inner in node.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(node, list):
        return [_anew(inner) for inner in node]  # pyright: ignore[reportUnknownVariableType]
    try:
        UUID(node)
    except (ValueError, AttributeError, TypeError):
        return node
    return str(uuids.uuid7())


def _places(field: Schema, shared: Mapping[str, Schema], place: Place) -> Iterator[Place]:
    for key in ("allOf", "anyOf"):
        for one in field.get(key, ()):
            yield from _places(one, shared, place)
    if "$ref" in field:
        yield from _places(shared[field["$ref"].rpartition("/")[2]], shared, place)
    if "enum" in field:
        yield place
    inner: Sequence[tuple[str | int, Schema]] = [*field.get("properties", {}).items()]
    for name, one in [*inner, *([(0, field["items"])] if "items" in field else [])]:
        yield from _places(one, shared, (*place, name))
