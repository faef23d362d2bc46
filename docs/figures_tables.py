"""What docs/figures.md tells of the code: figures, measures, shares, what the replay draws and counts beside a plan.
The page around these tables is written by hand; so is measures.py around the names of the measures."""

from collections.abc import Iterator
from pathlib import Path

from docs.regions import filled, marks
from jobplus.replay.drawing.history import DRAWS
from jobplus.replay.driving.kinds import KINDS
from services.reporting.figures.measures import JOB, PERSON
from services.reporting.figures.row import OfTwo, Published, Row, Split, SplitBeside
from services.reporting.figures.rows import MEASURES, ROWS
from services.reporting.figures.shares import SHARES, Count

PAGE = "docs/figures.md"
NAMES = "services/reporting/figures/measures.py"


def page(root: Path) -> str:
    """The page with its tables as the code has them. Raises ValueError where a table has no place on it."""
    text = (root / PAGE).read_text()
    tables = {
        "figures": _figures(),
        "measures": _measures(),
        "shares": _shares(),
        "beside": _beside(),
        "draws": _draws(),
    }
    for name, lines in tables.items():
        text = filled(PAGE, text, *marks(name), lines)
    return text


def names(root: Path) -> str:
    """The module of the figures' words with the name of each measure that has a row, in the order of the rows."""
    begin, end = "# measures: written by docs/generate.py\n", "# end of measures\n"
    lines = ["Measure = Literal[", *(f'    "{measure}",' for measure in MEASURES), "]"]
    return filled(NAMES, (root / NAMES).read_text(), begin, end, lines)


def _figures() -> Iterator[str]:
    yield "| figure | counts |"
    yield "|---|---|"
    for row in ROWS:
        for one in row.published if isinstance(row, Row) else (row,):
            if isinstance(one, SplitBeside):
                beside = zip(one.values, one.meanings, strict=True)
                yield from (f"| `{one.path}.{value}` | {meaning} |" for value, meaning in beside)
            else:
                yield f"| `{one.path}` | {one.meaning}{_values(one)} |"


def _values(one: Published) -> str:
    """Name the values of a split; of many the first and the last."""
    if not isinstance(one, Split):
        return ""
    told = [f"`{value}`" for value in one.values]
    return f": {', '.join(told)}" if len(told) < 8 else f": {told[0]} to {told[-1]}"


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


def _shares() -> Iterator[str]:
    yield "| share | figure | numerator | denominator |"
    yield "|---|---|---|---|"
    published = (one for row in ROWS if isinstance(row, Row) for one in row.published)
    paths = {one.share: f"`{one.path}`" for one in published if isinstance(one, OfTwo)}
    for name, share in SHARES.items():
        yield f"| `{name}` | {paths.get(name, '')} | {_counted(share.numerator)} | {_counted(share.denominator)} |"


def _counted(count: Count) -> str:
    return f"`{count.measure}`" + (f", of `{count.dimension}` `{count.value}`" if count.dimension else "")


def _beside() -> Iterator[str]:
    yield "| figure | counts each, or adds up of it |"
    yield "|---|---|"
    told: dict[str, list[str]] = {}
    for kind in KINDS.values():
        for count in kind.counts:
            codes = ", ".join(f"`{code}`" for code in count.codes)
            figure = f"`{count.figure}`" + (f" {codes}" if codes else "")
            amount = f", its `{count.amount}`" if count.amount else ""
            told.setdefault(figure, []).append(f"`POST {kind.address}` of {kind.service}{amount}")
    for figure, of in told.items():
        yield f"| {figure} | {'; '.join(of)} |"


def _draws() -> Iterator[str]:
    yield "| draw | what it does |"
    yield "|---|---|"
    for draw in DRAWS:
        yield f"| `{draw.__name__}` | {' '.join((draw.__doc__ or '').split())} |"
