"""Which numbers of a release may be corrected, each by its place: those that it tells of all, and the counts of its
tables that aren't withheld.

What follows from two of them (a change, a pace) is none by itself, and neither is a forecast: that said what was to
come, and nothing that becomes known makes it another one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol, get_args

from services.reporting.corrections.model import Comparison, Correction, Place, Values
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.releases.contents import BY_YEAR, Tabulated
from services.reporting.releases.document import CrossTable, Headline, Number, ReleaseDocument, ReleaseMonth, Table

OF_SURVEYS = ("asked", "answered", "score", "percent_satisfied")

_BETWEEN = re.compile(f":(?=(?:{'|'.join(get_args(Dimension))})=)")

_RATIOS = ("percent", "score", "percent_satisfied")
"""Where nothing was counted these divide by nothing; what is counted is none."""


class Tables(Protocol):
    """What has tables by one thing and by two: a release's document, or what is tabulated anew."""

    @property
    def tables(self) -> Sequence[Table]: ...

    @property
    def cross_tables(self) -> Sequence[CrossTable]: ...


def told(release: ReleaseDocument) -> dict[Place, Number | None]:
    """Give what a release tells of all."""
    return {
        **in_columns(release.figures),
        **by_month(release.months),
        **told_once(release.model_dump(mode="json", include={*BY_YEAR})),
        **{reached(one.year, one.measure): one.reached for one in release.targets},
    }


class Known(NamedTuple):
    """What a release tells, as it is known up to a position in the ledger: what it tells of all, and its tables, of
    which it is decided what they tell."""

    figures: Values
    tables: Tabulated
    position: int


def compared(
    release: ReleaseDocument, corrections: Sequence[Correction], known: Known, *, newest: date, is_behind: bool
) -> Comparison:
    """Lay beside a release, and its corrections, what is known of it."""
    last = {**completed(told(release), known.figures), **in_tables(release, known.tables)}
    for correction in corrections:
        last |= {one.place: one.known for one in correction.figures}
    return Comparison(
        release.release,
        newest=newest,
        told=last,
        known={**completed(known.figures, last), **in_tables(known.tables, release)},
        position=known.position,
        number=len(corrections),
        is_behind=is_behind,
        points=known.tables.points,
    )


def in_tables(tables: Tables, beside: Tables) -> dict[Place, Number | None]:
    """Give the counts that tables tell. Of a value, or a pair, that has a line in those `beside` them alone, they tell
    that there is nobody."""
    others = _lines(beside)
    return {
        place: count
        for table, lines in _lines(tables).items()
        for place, count in {**dict.fromkeys(others.get(table, ()), 0), **lines}.items()
        if count is not None
    }


def cell(measure: str, by: Sequence[str], values: Sequence[str]) -> str:
    """Name a count of a table by what it is of: `placed:occupation=24`, `placed:occupation=24:gender=female`."""
    return ":".join([measure, *(f"{one}={value}" for one, value in zip(by, values, strict=True))])


def cell_parts(name: str) -> tuple[Measure, dict[Dimension, str]]:
    """Read the name of a table's count: its measure, and the values that it is of by what they are."""
    measure, *parts = _BETWEEN.split(name)
    return measure, dict(part.split("=", 1) for part in parts)  # pyright: ignore[reportReturnType]


def _lines(tables: Tables) -> dict[tuple[str, ...], dict[Place, int | None]]:
    """Give what stands in each table, by its measure and what it is split by; None where it is withheld."""
    lines = [
        *((one.measure, (one.by,), [((line.value,), line.counts) for line in one.lines]) for one in tables.tables),
        *((one.measure, one.by, [(line.values, line.counts) for line in one.lines]) for one in tables.cross_tables),
    ]
    return {
        (measure, *by): {
            Place(cell(measure, by, values), column): count
            for values, counts in of_table
            for column, count in counts.items()
        }
        for measure, by, of_table in lines
    }


def in_columns(figures: Iterable[Headline]) -> dict[Place, Number | None]:
    """Give the figures that are told in columns."""
    return {Place(one.figure, column): value for one in figures for column, value in one.values.items()}


def by_month(months: Iterable[ReleaseMonth]) -> dict[Place, Number | None]:
    """Give what is counted by month, under the measures' names."""
    return {Place(measure, month=one.month): count for one in months for measure, count in one.counts.items()}


def told_once(tree: Mapping[str, Any]) -> dict[Place, Number | None]:
    """Give internships, retention and surveys, of a tree as `/figures` has it. A survey is named by its day, the second
    of a day by its number too."""
    found: dict[Place, Number | None] = {}
    for figure in ("internships", "retention"):
        for of, numbers in tree[figure].items():
            found |= {Place(f"{figure}.{of}.{name}"): value for name, value in numbers.items()}
    held: Counter[str] = Counter()
    for survey in tree["surveys"]:
        held[survey["on"]] += 1
        of = survey["on"] if held[survey["on"]] == 1 else f"{survey['on']}.{held[survey['on']]}"
        found |= {Place(f"surveys.{of}.{name}"): survey[name] for name in OF_SURVEYS}
    return found


def reached(year: int, measure: str) -> Place:
    """Give the place of what was reached of a target."""
    return Place(f"targets.{year}.{measure}.reached")


def completed(values: Values, others: Values) -> dict[Place, Number | None]:
    """Give values with the rows that others have alone: a release has none of a month, of a year's internships or of a
    survey of which nothing is known."""
    rows = {_row(place) for place in values}
    missing = [place for place in others if (row := _row(place)) is not None and row not in rows]
    return {**values, **{place: _nothing(place) for place in missing}}


def _row(place: Place) -> str | None:
    figure, _, _ = place.figure.partition(".")
    return place.figure.rpartition(".")[0] if figure in {"internships", "surveys"} else place.month


def _nothing(place: Place) -> Number | None:
    return None if place.figure.rpartition(".")[2] in _RATIOS else 0
