"""A first sample of an event that has none, drawn from its schema: whoever adds an event makes it tell something."""

import hashlib
import re
from typing import Any

from contracts.event import Event, dataschema
from contracts.generate.schemas import Schema, schema_of

TIME = "2010-06-01T02:11:07.250000Z"
_TEXTS = {
    "role": "counsellor",
    "id": "c-0017",
    **dict.fromkeys(("root", "hash", "previous"), 64 * "0"),
    "month": "2010-06",
}
"""What stands in a text of this name; in any other its own name does, which is a code as well."""
_FORMATS = {"date": "2010-06-01", "date-time": TIME}
_NUMBERS = {"integer": 1, "number": 1.5}


def draft_of(kind: type[Event]) -> dict[str, Any]:
    """Give a CloudEvent in structured mode with every field of an event, each with the first value that it takes."""
    schema = schema_of(kind)
    data = {name: _drawn(name, field, schema["$defs"], kind) for name, field in schema["properties"].items()}
    data["rule"] = re.sub(r"(?<=.)(?=[A-Z])", "_", kind.__name__).lower()
    told = {} if kind.tombstone else {"datacontenttype": "application/json", "data": data}
    return {
        "specversion": "1.0",
        "id": _id(f"{kind.type} event"),
        "source": f"/jobplus/{kind.topic.owner}",
        "type": kind.type,
        "time": TIME,
        "subject": str(data[kind.key_field]),
        "sequence": f"{1:019}",
        "correlationid": _id(f"{kind.type} correlation"),
        "causationid": _id(f"{kind.type} causation"),
        "dataschema": dataschema(kind.type, 1),
        "centre": "main",
        **told,
    }


def _drawn(name: str, field: Schema, shared: dict[str, Schema], kind: type[Event]) -> Any:
    """Give the first value that a field takes."""
    for key in ("allOf", "anyOf", "oneOf"):
        if key in field:
            return _drawn(name, field[key][0], shared, kind)
    if "$ref" in field:
        return _drawn(name, shared[field["$ref"].rpartition("/")[2]], shared, kind)
    for key in ("const", "default"):
        if key in field:
            return field[key]
    if "enum" in field:
        return field["enum"][0]
    match field["type"]:
        case "object":
            return {inner: _drawn(inner, of, shared, kind) for inner, of in field.get("properties", {}).items()}
        case "array":
            return [_drawn(name, field["items"], shared, kind)] * max(1, field.get("minItems", 1))
        case "boolean":
            return True
        case "integer" | "number" as number:
            return field.get("minimum", _NUMBERS[number])
        case _ if field.get("format") == "uuid":
            return _id(f"{kind.type} {name}")
        case _:
            return _FORMATS.get(field.get("format", "")) or _TEXTS.get(name, name)


def _id(what: str) -> str:
    """Give an id of version 7 that nothing else has, and that is the same at every drawing."""
    digits = hashlib.sha256(what.encode()).hexdigest()
    return f"011f1a2c-{digits[:4]}-7{digits[4:7]}-8{digits[7:10]}-{digits[10:22]}"
