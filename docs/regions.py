"""Pages that are written by hand but for what stands between two marks, which the code tells."""

import re
from collections.abc import Iterable


def filled(page: str, text: str, begin: str, end: str, lines: Iterable[str]) -> str:
    """Give the text of a page with these lines between two marks. Raises ValueError where it hasn't both, once."""
    written = "".join(f"{line}\n" for line in lines)
    text, placed = re.subn(f"(?<={begin}).*?(?={end})", lambda _: written, text, flags=re.DOTALL)
    if placed != 1:
        raise ValueError(f"{page} has no place, or two, for what is written: {begin.strip()} ... {end.strip()}")
    return text


def marks(name: str) -> tuple[str, str]:
    """The marks of a table of this name in a page of Markdown."""
    return f"<!-- {name}: written by docs/generate.py -->\n", f"<!-- end of {name} -->\n"
