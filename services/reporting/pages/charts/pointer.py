"""The script that answers to a pointer: where it is found, by what it is made of, and what its page allows."""

import hashlib
from importlib.metadata import version
from pathlib import Path

from services.reporting.pages.answers import HEADERS

_DRAWING = Path(__file__).parents[2] / "drawing"
MEDIA_TYPE = "text/javascript; charset=utf-8"


def _edition() -> str:
    """Give a hash of all that the script is made of, which is known before it is made: the library with Vega, and what
    draws."""
    files = sorted(path for path in _DRAWING.iterdir() if path.suffix in {".py", ".js"})
    made_of = version("vl-convert-python").encode() + b"".join(path.read_bytes() for path in files)
    return hashlib.sha256(made_of).hexdigest()[:16]


EDITION = _edition()
ADDRESS = f"/assets/pointer-{EDITION}.js"
POLICY = {"Content-Security-Policy": HEADERS["Content-Security-Policy"] + "; script-src 'self'; connect-src 'self'"}
"""A script of our own, which asks for the chart: neither a text run as code, nor one that stands in the page."""
