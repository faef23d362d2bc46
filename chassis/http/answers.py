"""An answer in JSON, written by orjson: faster than FastAPI's own way, and without a second check of what we made."""

from typing import Any

import orjson
from fastapi import Response


def json_answer(content: Any, status: int = 200) -> Response:
    """Answer with content; what JSON has no form of is written as its text."""
    return Response(orjson.dumps(content, default=str), status, media_type="application/json")
