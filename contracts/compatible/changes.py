"""What differs from the last release, allowed or not: the changelog has a line for each."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contracts.compatible.breaks import Node
from contracts.compatible.events import document_of
from contracts.generate.revisions import told_apart
from contracts.generate.schemas import schemas_of_all

_TEXTS = frozenset({"description", "summary", "title", "example", "examples"})


def changed(release: Path, home: Path, openapi: Path) -> Iterator[str]:
    """Name each type, topic and interface that a reader could tell from the released one."""
    schemas = {path.stem: json.loads(path.read_text("utf-8")) for path in (release / "schemas").glob("*.json")}
    present = schemas_of_all()
    for name in sorted({*schemas, *present}):
        released, now = schemas.get(name), present.get(name)
        if released is None or now is None or told_apart(released, now) or _stability(released) != _stability(now):
            yield name
    topics, topics_now = _topics(release), _topics(home)
    yield from sorted(name for name in {*topics, *topics_now} if topics.get(name) != topics_now.get(name))
    for name in sorted({path.name for folder in (release / "openapi", openapi) for path in folder.glob("*.json")}):
        if _interface(release / "openapi" / name) != _interface(openapi / name):
            yield f"openapi/{name}"


def _stability(schema: Node) -> Any:
    return schema["x-stability"]


def _topics(home: Path) -> dict[str, Any]:
    return {channel["address"]: channel["bindings"] for channel in document_of(home)["channels"].values()}


def _interface(path: Path) -> Any:
    return _without_texts(json.loads(path.read_text("utf-8"))) if path.exists() else None


def _without_texts(node: Any) -> Any:
    """Give a document without what it only says: a text where a text may be, so that fields of these names stay."""
    if isinstance(node, list):
        return [_without_texts(one) for one in node]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(node, dict):
        return node
    return {
        name: _without_texts(inner)  # pyright: ignore[reportUnknownArgumentType]
        for name, inner in node.items()  # pyright: ignore[reportUnknownVariableType]
        if name not in _TEXTS or (isinstance(inner, dict) and name not in {"example", "examples"})
    }
