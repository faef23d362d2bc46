"""JSON Schemas of the events, as they are on the wire: what is absent is left out, never null."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema
from pydantic_core import core_schema

from contracts.codes import CODE_LISTS, EDITIONS
from contracts.event import EVENTS, Event, dataschema
from contracts.notices import NOTICES, Notice, noticeschema
from contracts.passing import PassingOnEnded

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


class _OnTheWire(GenerateJsonSchema):
    """Pydantic's schemas without titles that only repeat a name, and without null."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Schema:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Schema:
        if schema.get("default") is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)


def schema_of(kind: type[Event] | type[PassingOnEnded], revision: int = 1) -> Schema:
    """Give the schema of one event, complete in itself, as a revision."""
    schema = kind.model_json_schema(schema_generator=_OnTheWire)
    definitions = schema.pop("$defs", {})
    used = list(_name_code_lists([schema, definitions], "#/$defs/"))
    return {
        "$schema": DIALECT,
        "$id": dataschema(kind.type, revision),
        **schema,
        "x-stability": kind.stability,
        "$defs": definitions | {name: schema for name, schema in _code_lists().items() if name in used},
    }


def notice_schema(kind: type[Notice], revision: int = 1) -> Schema:
    """Give the schema of a notice of partners, complete in itself, as a revision."""
    schema = kind.model_json_schema(schema_generator=_OnTheWire)
    return {
        "$schema": DIALECT,
        "$id": noticeschema(kind.type, revision),
        **schema,
        "x-stability": kind.stability,
    }


def schemas_of_all() -> dict[str, Schema]:
    """Give the schema of each event and notice, by its type."""
    events = {name: schema_of(kind) for name, kind in EVENTS.items()}
    return events | {name: notice_schema(kind) for name, kind in NOTICES.items()}


def shared_schemas(kinds: Sequence[type[BaseModel]]) -> dict[str, Schema]:
    """Give the schemas of events and notices and of what they share, by class name, for one document's components."""
    models: list[tuple[type[BaseModel], Any]] = [(kind, "validation") for kind in kinds]
    place = "#/components/schemas/"
    _, whole = models_json_schema(models, ref_template=place + "{model}", schema_generator=_OnTheWire)
    schemas: dict[str, Schema] = whole["$defs"]
    used = set(_name_code_lists(list(schemas.values()), place))
    return schemas | {name: schema for name, schema in _code_lists().items() if name in used}


def _code_lists() -> dict[str, Schema]:
    return {
        listed.name: {
            "description": f"{listed.scheme}. x-names holds each code's name in Korean and English.",
            "type": "string",
            "enum": list(listed.names),
            "x-edition": EDITIONS[tuple(listed.names)],
            "x-names": {code: list(names) for code, names in listed.names.items()},
        }
        for listed in CODE_LISTS
    }


def _name_code_lists(node: Any, place: str) -> Iterator[str]:
    """Put a reference where a code list stands (a long one would stand dozens of times), and the edition beside one
    that stays; gives the names used.

    What is said beside a reference moves around it, as older tools ignore what stands beside one.
    """
    if isinstance(node, list):
        for inner in node:
            yield from _name_code_lists(inner, place)
    if not isinstance(node, dict):
        return
    for listed in CODE_LISTS:
        if node.get("enum") == list(listed.names):
            del node["enum"], node["type"]
            node["$ref"] = place + listed.name
            yield listed.name
    if edition := EDITIONS.get(tuple(node.get("enum", ()))):
        node["x-edition"] = edition
    if "$ref" in node and len(node) > 1:
        node["allOf"] = [{"$ref": node.pop("$ref")}]
    for inner in list(node.values()):
        yield from _name_code_lists(inner, place)
