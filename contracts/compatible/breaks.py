"""What a break is, and how two schemas of the same are compared."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

Node = Mapping[str, Any]

SAME = (
    "type", "format", "const", "default", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems",
)  # fmt: skip
"""What a field may take: narrower, what was published can't be read any more; wider, who reads isn't prepared."""

NEW_TYPE = "publish a new type beside it (contracts/upcasters.py says how the old one is read)"


class Break(NamedTuple):
    """What would break a reader: where, why, and what to do instead."""

    file: str
    place: str
    reason: str
    instead: str

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: {self.reason}. Instead: {self.instead}."


def schema_breaks(file: str, released: Node, present: Node) -> Iterator[Break]:
    """Compare the schema of a type as it was released with the present one."""
    for place, reason, instead in _compared("", released, present, released, present):
        yield Break(file, place or "data", reason, instead)


_Found = tuple[str, str, str]


def _compared(place: str, old: Node, new: Node, old_whole: Node, new_whole: Node) -> Iterator[_Found]:
    old, new = _followed(old, old_whole), _followed(new, new_whole)
    for key in SAME:
        if old.get(key) != new.get(key):
            yield place, f"{key} was {_said(old, key)} and is {_said(new, key)}", NEW_TYPE
    yield from _codes(place, old, new)
    yield from _fields(place, old, new, old_whole, new_whole)
    if "items" in old and "items" in new:
        yield from _compared(f"{place}[]", old["items"], new["items"], old_whole, new_whole)


def _fields(place: str, old: Node, new: Node, old_whole: Node, new_whole: Node) -> Iterator[_Found]:
    fields: Node = old.get("properties", {})
    present: Node = new.get("properties", {})
    before, now = _required(old), _required(new)
    for name, field in fields.items():
        inner = f"{place}.{name}".removeprefix(".")
        if name not in present:
            yield inner, "the field is gone or has another name", f"keep it, or {NEW_TYPE}"
            continue
        if name in before and name not in now:
            yield inner, "it was always there, and may be absent now", NEW_TYPE
        if name in now and name not in before:
            yield inner, "it has to be there now, and events that were published lack it", "leave it optional"
        yield from _compared(inner, field, present[name], old_whole, new_whole)
    for name in present:
        if name not in fields and name in now:
            inner = f"{place}.{name}".removeprefix(".")
            yield inner, "it is new and has to be there, and events that were published lack it", "make it optional"


def _codes(place: str, old: Node, new: Node) -> Iterator[_Found]:
    if ("enum" in old) != ("enum" in new):
        yield place, "it is a list of codes in one of the two only", NEW_TYPE
        return
    codes: Sequence[str] = old.get("enum", ())
    for code in codes:
        if code not in new["enum"]:
            yield place, f"the code {code} is gone", "keep it in the list, and have it written no more"
    if "x-edition" in old and old["x-edition"] == new.get("x-edition") and list(codes) != list(new["enum"]):
        yield place, f"the codes changed, the edition is still {old['x-edition']}", "raise it in contracts/codes.py"


def _followed(node: Node, whole: Node) -> Node:
    """Give what a reference leads to; a reference in `allOf` alone is that reference."""
    while True:
        if len(node.get("allOf", ())) == 1:
            node = {**{key: value for key, value in node.items() if key != "allOf"}, **node["allOf"][0]}
        if "$ref" not in node:
            return node
        target: Any = whole
        for step in str(node["$ref"]).removeprefix("#/").split("/"):
            target = target[step]
        node = {**{key: value for key, value in node.items() if key != "$ref"}, **target}


def _required(node: Node) -> frozenset[str]:
    return frozenset(node.get("required", ()))


def _said(node: Node, key: str) -> str:
    return repr(node[key]) if key in node else "not said"
