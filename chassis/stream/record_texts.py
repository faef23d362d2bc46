"""The texts of Kafka's records: those that aren't taken make a record a dead letter, and none is kept with a number."""

import re
from collections.abc import Iterator
from typing import Any, cast

import orjson

from chassis import texts
from chassis.stream.cloudevents import Attributes
from chassis.texts import TextRefused, masked, may_hold_number

ATTRIBUTES = ("source", "type", "subject", "correlation_id", "causation_id", "dataschema", "centre")
_SUSPECT = re.compile(rb"[0-9]{2}(?<![0-9]{3})[01][0-9][0-3][0-9][^0-9A-Za-z]*[0-9]{7}(?![0-9])")
"""What may be a number, in bytes that have no other digits than these."""


def check(attributes: Attributes, data: bytes | None) -> None:
    """Refuse texts that aren't taken, with the field (raises ValueError)."""
    said = [getattr(attributes, name) for name in ATTRIBUTES]
    if not _passes("|".join(said)):
        for name, text in zip(ATTRIBUTES, said, strict=True):
            _check(name, text)
    if data and _may_hold_any(data):
        for path, text in _texts(_parsed(data), ""):
            _check(path, text)


def _passes(text: str) -> bool:
    try:
        texts.check(text)
    except TextRefused:
        return False
    return True


def _check(field: str, text: str) -> None:
    try:
        texts.check(text)
    except TextRefused as refused:
        raise ValueError(f"{field} {refused}") from None


def _may_hold_any(data: bytes) -> bool:
    """Tell whether it is worth reading every text: events hold codes, ids and days, and hardly ever anything else."""
    return (
        not data.isascii()
        or b"\\" in data
        or b"\x7f" in data
        or (may_hold_number(data) and _SUSPECT.search(data) is not None)
    )


def _parsed(data: bytes) -> Any:
    """Give the JSON, or None: what is none is refused by whoever decodes it."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return None


def _texts(node: Any, path: str) -> Iterator[tuple[str, str]]:
    """Give every text of some JSON with where it stands; the names of fields are texts too."""
    match node:
        case str():
            yield path, node
        case list():
            for place, inner in enumerate(cast(list[Any], node)):
                yield from _texts(inner, f"{path}.{place}")
        case dict():
            for name, inner in cast(dict[str, Any], node).items():
                yield "the name of a field", name
                yield from _texts(inner, f"{path}.{name}".removeprefix("."))
        case _:
            return


def masked_bytes(value: bytes) -> bytes:
    """Give a key, a header or a value with no resident registration number in it, whatever else its bytes are."""
    text = value.decode("utf-8", "surrogateescape")
    if "\\" in text and (parsed := _parsed(value)) is not None:  # an escaped digit is one only once it is read
        read = orjson.dumps(parsed).decode()
        text = text if masked(read) == read else read
    return masked(text).encode("utf-8", "surrogateescape")
