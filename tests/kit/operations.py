"""A service's operations as its OpenAPI has them, for drawing requests."""

from typing import Any

import schemathesis
from schemathesis import APIOperation, SerializationContext


def operations_of(described: dict[str, Any]) -> list[APIOperation]:
    """Give the operations that an OpenAPI describes."""
    return [found.ok() for found in schemathesis.openapi.from_dict(described).get_all_operations()]


@schemathesis.serializer("application/x-ndjson")
def as_drawn(context: SerializationContext, value: object) -> bytes:
    """Send what was drawn as rows as it is."""
    return str(value).encode("utf-8", "replace")
