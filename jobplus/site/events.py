"""A page an event: what it means, who publishes it and who listens, its fields, and a sample."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import contracts
from chassis.words import Language
from contracts.event import Event
from contracts.notices import Notice
from contracts.topics import GRANTED_TOPICS
from jobplus.site.words import told

CONTRACTS = Path(contracts.__file__).parent
FEW = 12
"""A list of more codes is told by its name: the schema has them."""

PUBLISHED: tuple[type[Event], ...] = tuple(
    sorted((one for one in contracts.EVENTS.values() if one.topic in GRANTED_TOPICS), key=lambda one: one.__name__)
)
"""The events that others may read."""


def index(language: Language) -> str:
    """Write the page that lists all events by their topics."""
    lines = [f"# {told('The events', language)}", ""]
    for topic in GRANTED_TOPICS:
        if events := [one for one in PUBLISHED if one.topic is topic]:
            lines += [
                f"## `{topic.name}`",
                "",
                _order(language),
                "",
            ]
            lines += [f"- [{one.__name__}]({one.__name__}.md) · {one.korean}" for one in events]
            lines.append("")
    return "\n".join([*lines, "```{toctree}", ":hidden:", "", *(one.__name__ for one in PUBLISHED), "```", ""])


def page(event: type[Event], listening: Iterable[str], language: Language) -> str:
    """Write an event's page; `listening` are the services of the centre that listen to it."""
    schema = json.loads((CONTRACTS / "schemas" / f"{event.type}.json").read_text())
    topic = event.topic
    rows = [
        ("Type", f"`{event.type}`"),
        ("In Korean", event.korean if language == "en" else ""),
        ("Topic", f"`{topic.name}`"),
        ("Key", f"{topic.key} (`{event.key_field}`)"),
        ("Published by", topic.owner),
        ("Listening in the centre", ", ".join(listening)),
        ("Stability", told(event.stability, language)),
        ("Schema", f"`{schema['$id']}`"),
    ]
    lines = [
        *head(event, rows, language),
        _order(language),
        "",
        *fields(schema, language),
        *sample(CONTRACTS / "samples" / f"{event.type}.json", language),
    ]
    return "\n".join(lines)


def head(of: type[Event] | type[Notice], rows: Iterable[tuple[str, str]], language: Language) -> list[str]:
    """Write the beginning of a page: its title, what it means, and the rows that have a value."""
    return [
        f"# {of.korean} · {of.__name__}" if language == "ko" else f"# {of.__name__}",
        "",
        told(of.__doc__ or "", language),
        "",
        "| | |",
        "|---|---|",
        *(row((told(name, language), value)) for name, value in rows if value),
        "",
    ]


def fields(schema: Mapping[str, Any], language: Language) -> list[str]:
    """Write the part of a page that tells the fields of a schema."""
    return [
        f"## {told('Fields', language)}",
        "",
        row(told(head, language) for head in ("Field", "Meaning", "Kind", "Always there")),
        "|---|---|---|---|",
        *_fields(schema, language),
        "",
    ]


def sample(path: Path, language: Language) -> list[str]:
    """Write the part of a page that shows a sample."""
    return [f"## {told('A sample', language)}", "", "```json", path.read_text().strip(), "```", ""]


def row(cells: Iterable[str]) -> str:
    """Write a row of a table."""
    return "| " + " | ".join(cells) + " |"


def _order(language: Language) -> str:
    order = told("Events of one key are in order. Between keys and between topics there is no order.", language)
    return f"{order} {told('Every record is kept for ever.', language)}"


def _fields(schema: Mapping[str, Any], language: Language) -> Iterator[str]:
    required = set(schema.get("required", ()))
    for name, told_of in schema.get("properties", {}).items():
        meaning = told_of.get("description", "")
        always = told("yes", language) if name in required else told("no", language)
        kind = _kind(told_of, schema, language)
        yield row((f"`{name}`", told(meaning, language) if meaning else "", kind, always))


def _kind(field: Mapping[str, Any], schema: Mapping[str, Any], language: Language) -> str:
    match field:
        case {"$ref": reference}:
            return _referred(str(reference).rpartition("/")[2], schema, language)
        case {"allOf": [{"$ref": reference}]}:
            return _referred(str(reference).rpartition("/")[2], schema, language)
        case {"enum": [*codes]}:
            return _codes(codes, field, language)
        case {"const": code}:
            return f"`{code}`"
        case {"type": "array", "items": items}:
            return told("list of", language) + ": " + _kind(items, schema, language)
        case {"format": kind} | {"type": kind}:
            return told(str(kind), language)
        case _:
            return ""


def _referred(name: str, schema: Mapping[str, Any], language: Language) -> str:
    defined = schema["$defs"][name]
    if codes := defined.get("enum"):
        return _codes(codes, defined, language)
    inner = ", ".join(f"`{field}`" for field in defined.get("properties", ()))
    return inner or f"`{name}`"


def _codes(codes: list[Any], field: Mapping[str, Any], language: Language) -> str:
    if len(codes) <= FEW:
        return ", ".join(f"`{code}`" for code in codes)
    edition = field.get("x-edition", "").partition(":")[0] or field.get("title", "")
    return f"{told('code of', language)} `{edition}`"
