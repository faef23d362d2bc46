"""The tables of docs/figures.md that rows of the figures are told in; the page around them is written by hand."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from services.reporting.figures.measures import JOB, PERSON
from services.reporting.figures.row import Row, SplitBeside
from services.reporting.figures.rows import MEASURES, ROWS

PAGE = "docs/figures.md"


def page(root: Path) -> str:
    """The page with its tables as the rows have them. Raises ValueError where a table has no place on it."""
    text = (root / PAGE).read_text()
    for name, lines in (("figures", _figures()), ("measures", _measures())):
        begin, end = f"<!-- {name}: written by docs/generate.py -->\n", f"<!-- end of {name} -->\n"
        text, placed = re.subn(f"(?<={begin}).*?(?={end})", lambda _, lines=lines: _table(lines), text, flags=re.DOTALL)
        if placed != 1:
            raise ValueError(f"{PAGE} has no place, or two, for the table of {name}: {begin.strip()} ... {end.strip()}")
    return text


def _table(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _figures() -> Iterator[str]:
    yield "| figure | counts |"
    yield "|---|---|"
    for row in ROWS:
        for one in row.published if isinstance(row, Row) else (row,):
            if isinstance(one, SplitBeside):
                beside = zip(one.values, one.meanings, strict=True)
                yield from (f"| `{one.path}.{value}` | {meaning} |" for value, meaning in beside)
            else:
                yield f"| `{one.path}` | {one.meaning} |"


def _measures() -> Iterator[str]:
    yield "| measure | counts | is split by |"
    yield "|---|---|---|"
    for measure, row in MEASURES.items():
        yield f"| `{measure}` | {row.meaning} | {_split_by(row)} |"


def _split_by(row: Row) -> str:
    told = ", ".join(f"`{name}`" for name in row.by)
    for names, short in ((PERSON, "what a person's profile tells"), (JOB, "the job's terms")):
        told = told.replace(", ".join(f"`{name}`" for name in names), short)
    return told or "nothing"
