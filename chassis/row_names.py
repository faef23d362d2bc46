"""The names of imports, and of their rows that have no `ref`: what these say, and how often their file said so."""

import re
from typing import Annotated

from pydantic import StringConstraints

from chassis.texts import Identifier

ImportName = Annotated[str, StringConstraints(min_length=1, max_length=255), Identifier]
"""At most as long as a folder's name may be."""

_BY_CONTENT = re.compile(r"#[0-9a-f]{32}\.\d+")


def by_content(says: str, nth: int) -> str:
    """Name a row by the hash of what it says (32 hexadecimal digits), and which of those that say so it is, from 1."""
    return f"#{says}.{nth}"


def is_by_content(name: str) -> bool:
    """Tell whether a row's name is made of what it says, and no `ref`."""
    return _BY_CONTENT.fullmatch(name) is not None
