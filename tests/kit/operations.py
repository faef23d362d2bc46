"""A service's operations as its OpenAPI has them, for drawing requests."""

from collections.abc import Callable
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import APIOperation, Case, GenerationMode, SerializationContext


def operations_of(described: dict[str, Any]) -> list[APIOperation]:
    """Give the operations that an OpenAPI describes."""
    return [found.ok() for found in schemathesis.openapi.from_dict(described).get_all_operations()]


def draw_each(
    operation: APIOperation, mode: GenerationMode, most: int, number: int, take: Callable[[Case], None]
) -> None:
    """Hand over at most so many cases of an operation, the same for the same number."""

    @seed(number)
    @settings(
        max_examples=most,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def each(case: Case) -> None:
        take(case)

    each()


@schemathesis.serializer("application/x-ndjson")
def as_drawn(context: SerializationContext, value: object) -> bytes:
    """Send what was drawn as rows as it is."""
    return str(value).encode("utf-8", "replace")
