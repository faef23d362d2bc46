"""The samples that are kept with the contracts, each a CloudEvent in structured mode."""

import json
from pathlib import Path
from typing import Any

import contracts

HOME = Path(contracts.__file__).parent
SAMPLES = sorted((HOME / "samples").glob("*.json"))
STRUCTURED = [("content-type", b"application/cloudevents+json; charset=UTF-8")]


def envelope(path: Path) -> dict[str, Any]:
    """Read a sample."""
    return json.loads(path.read_text("utf-8"))


def sample(type_name: str) -> dict[str, Any]:
    """Read the first sample of a type."""
    return envelope(HOME / "samples" / f"{type_name}.json")


def data(type_name: str, **changed: Any) -> bytes:
    """Give a sample's data, with fields changed, or left out where the change is None."""
    fields = sample(type_name)["data"] | changed
    return json.dumps({name: value for name, value in fields.items() if value is not None}).encode()
