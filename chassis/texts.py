"""Texts that people write, as forms take them."""

from typing import Annotated

from pydantic import StringConstraints

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")
]
"""One line: 1 to 100 characters and none that controls a terminal; PostgreSQL refuses NUL."""
