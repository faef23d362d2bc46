"""Old versions of events turned into the newest at the door, so that handlers see only the newest.

`UPCASTERS` maps the type name of an old version to its successor's type name and a function over the JSON object.
"""

from collections.abc import Callable, Mapping
from typing import Any

Upcaster = tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]

UPCASTERS: Mapping[str, Upcaster] = {}
