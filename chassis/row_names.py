"""The names of rows that have no `ref`: what they say, and how often their file said so before."""

import re

_BY_CONTENT = re.compile(r"#[0-9a-f]{32}\.\d+")


def by_content(says: str, nth: int) -> str:
    """Name a row by the hash of what it says (32 hexadecimal digits), and which of those that say so it is, from 1."""
    return f"#{says}.{nth}"


def is_by_content(name: str) -> bool:
    """Tell whether a row's name is made of what it says, and no `ref`."""
    return _BY_CONTENT.fullmatch(name) is not None
