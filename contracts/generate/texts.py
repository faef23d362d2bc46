"""How JSON is written to files that are read by people, too."""

import json
from typing import Any


def as_json(node: Any) -> str:
    """Write JSON with its letters as they are, and a line's end."""
    return json.dumps(node, ensure_ascii=False, indent=2) + "\n"
