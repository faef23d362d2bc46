"""The JSON Schema of an event's data (draft 2020-12), as a partner reads it.

It differs from pydantic's own in four ways: an optional field is absent, never null; fields have no made-up titles;
the long code lists stand once, with their names; a reference that has a description is wrapped, because readers of
older drafts ignore what stands beside `$ref`.
"""

import re
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from contracts.codes import DISTRICT_NAMES, OCCUPATION_NAMES
from contracts.event import Event

IN_FILE = "#/$defs/{model}"
"""Where the shared parts are in a schema that is a file of its own."""


def _named(scheme: str, names: dict[Any, tuple[str, str]]) -> JsonSchemaValue:
    listed = "; ".join(f"{code} {korean} ({english})" for code, (korean, english) in names.items())
    return {"type": "string", "enum": list(names), "description": f"{scheme}: {listed}."}


CODE_LISTS: dict[str, JsonSchemaValue] = {
    "Occupation": _named("KECO 2007, middle groups", OCCUPATION_NAMES),
    "District": _named("Seoul's autonomous districts by standard administrative code", DISTRICT_NAMES),
}


class _Published(GenerateJsonSchema):
    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default", ...) is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def data_schema(kind: type[Event], refs: str = IN_FILE) -> tuple[JsonSchemaValue, dict[str, JsonSchemaValue]]:
    """Give the schema of an event's data, and the shared parts that it refers to by `refs` (`.../{model}`)."""
    if kind.tombstone:
        return {"title": kind.__name__, "description": unwrapped(kind), "type": "null"}, {}
    schema = kind.model_json_schema(ref_template=refs, schema_generator=_Published)
    parts: dict[str, JsonSchemaValue] = schema.pop("$defs", {})
    used: dict[str, JsonSchemaValue] = {}
    polished = {name: _polished(part, refs, used) for name, part in parts.items()}
    schema = _polished(schema, refs, used)
    return {"title": schema.pop("title"), "description": unwrapped(kind), **schema}, polished | used


def schema_file(kind: type[Event]) -> JsonSchemaValue:
    """Give the whole content of `schemas/TYPE.json`."""
    schema, parts = data_schema(kind)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:jobplus:event:{short_name(kind)}",
        **schema,
        **({"$defs": dict(sorted(parts.items()))} if parts else {}),
        "x-type": kind.type,
        "x-topic": kind.topic.name,
        "x-key": kind.key_field,
        "x-stability": kind.stability,
    }


def short_name(kind: type[Event]) -> str:
    """Give an event's type name without the prefix that all have: `Placed`, `Placed.v2`."""
    return kind.type.removeprefix("jobplus.")


def unwrapped(kind: type[Event]) -> str:
    """Give an event's docstring with one line a paragraph."""
    return _one_line_a_paragraph((kind.__doc__ or "").strip())


def _one_line_a_paragraph(text: str) -> str:
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text))


def _polished(node: Any, refs: str, used: dict[str, JsonSchemaValue]) -> Any:
    if isinstance(node, list):
        return [_polished(item, refs, used) for item in node]
    if not isinstance(node, dict):
        return node
    given: dict[str, Any] = {name: _polished(item, refs, used) for name, item in node.items()}
    for name, code_list in CODE_LISTS.items():
        if given.get("enum") == code_list["enum"]:
            used[name] = code_list
            del given["enum"], given["type"]
            given["$ref"] = refs.format(model=name)
    if isinstance(given.get("description"), str):
        given["description"] = _one_line_a_paragraph(given["description"])
    if "$ref" in given and len(given) > 1:
        return {"allOf": [{"$ref": given.pop("$ref")}], **given}
    return given
