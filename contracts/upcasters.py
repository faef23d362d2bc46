"""Old versions of events turned into the newest at the door, so that handlers see only the newest.

When a type gets a successor (`jobplus.X` -> `jobplus.X.v2`), the class takes the new type name, and a row here says
how an event of the old one is read. Readers of the new type are given the old one's events too.
"""

from collections.abc import Callable, Mapping
from typing import Any

Upcaster = tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]

UPCASTERS: Mapping[str, Upcaster] = {}
"""The type name of an old version -> its successor's type name, and a function over the JSON object."""


def former_types(type_name: str, upcasters: Mapping[str, Upcaster] = UPCASTERS) -> tuple[str, ...]:
    """Name the older types that are read as `type_name`, the nearest first."""
    nearest = [old for old, (newer, _) in upcasters.items() if newer == type_name]
    return tuple(older for old in nearest for older in (old, *former_types(old, upcasters)))
