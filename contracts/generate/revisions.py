"""Which revision the schema of each type has: that of the last release, or one more where a reader could tell the two
apart. Texts don't count."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from contracts.generate.schemas import Schema, schemas_of_all

TEXTS = ("$id", "description", "x-names", "x-stability")
"""What a schema says beside what it takes."""

_HEADER = '''"""The revision of each type's schema, if not the first; written by python -m contracts.generate."""

from collections.abc import Mapping

'''


def releases(home: Path) -> list[Path]:
    """Give the folders of the releases, the first first."""
    return sorted((home / "released").glob("[0-9]*"), key=lambda folder: int(folder.name))


def revisions(home: Path) -> Mapping[str, int]:
    """Give each type's revision, by what was released."""
    last = {path.stem: json.loads(path.read_text("utf-8")) for path in _schemas(home)}
    return {name: _revision(last.get(name), schema) for name, schema in schemas_of_all().items()}


def module(home: Path) -> str:
    """Give contracts/revisions.py as it must be."""
    later = [f'    "{name}": {number},\n' for name, number in revisions(home).items() if number > 1]
    told = "{\n" + "".join(later) + "}" if later else "{}"
    return f"{_HEADER}REVISIONS: Mapping[str, int] = {told}\n"


def told_apart(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether a reader could tell two schemas apart."""
    return without_texts(one) != without_texts(other)


def without_texts(node: Any) -> Any:
    """Give a schema without what it only says. The fields of `properties` may be named like anything."""
    if isinstance(node, list):
        return [without_texts(one) for one in node]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(node, dict):
        return node
    told: dict[str, Any] = {}
    for name, inner in node.items():  # pyright: ignore[reportUnknownVariableType]
        if name == "properties":
            told[name] = {field: without_texts(of) for field, of in inner.items()}  # pyright: ignore
        elif name not in TEXTS:
            told[str(name)] = without_texts(inner)  # pyright: ignore[reportUnknownArgumentType]
    return told


def _schemas(home: Path) -> Iterator[Path]:
    for folder in releases(home)[-1:]:
        yield from sorted((folder / "schemas").glob("*.json"))


def _revision(released: Schema | None, schema: Schema) -> int:
    if released is None:
        return 1
    return int(released["$id"].rpartition(":")[2]) + told_apart(released, schema)
