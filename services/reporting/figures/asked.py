"""Which figures are asked for by name, and what they are made of: each has an address of its own.

A name is a path of the published tree: a figure (`placed.total`), a branch (`placed`), or a part of a figure
(`placed.by_age.-29`).
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from services.reporting.figures.made import MADE_OF
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.figures.queries import Apart
from services.reporting.figures.row import OfTwo, OneOf, Published, Row, Split
from services.reporting.figures.rows import MEASURES, ROWS
from services.reporting.figures.shares import SHARES


class Figure(NamedTuple):
    """A figure as it is published, and the row that it is made of, None where a function makes it."""

    row: Row | None
    published: Published

    @property
    def measures(self) -> Apart:
        """What has to be summed for it, told apart by what."""
        if isinstance(self.published, OfTwo):
            counts = SHARES[self.published.share][:2]
            return _together((count.measure, (count.dimension,) if count.dimension else ()) for count in counts)
        if type(self.published) is Published:
            return {measure: {*MEASURES[measure].rolled} for measure in MADE_OF[self.published.path]}
        assert self.row
        return {self.row.measure: {self.published.by} if isinstance(self.published, OneOf | Split) else set()}

    def is_of(self, name: str) -> bool:
        """Tell whether it is what is named, or in it, or has it."""
        path = self.published.path
        return path == name or path.startswith(f"{name}.") or name.startswith(f"{path}.")


def _together(each: Iterable[tuple[Measure, Collection[Dimension]]]) -> Apart:
    """Give measures, each told apart by all that any of them is."""
    together: dict[Measure, set[Dimension]] = {}
    for measure, by in each:
        together.setdefault(measure, set()).update(by)
    return together


ALL: tuple[Figure, ...] = tuple(
    Figure(row if isinstance(row, Row) else None, one)
    for row in ROWS
    for one in (row.published if isinstance(row, Row) else (row,))
)
"""In the order in which they are published."""

PERIOD = ("as_of", "from", "known_at")
"""What each answer says of itself."""


def named(names: Collection[str]) -> tuple[Figure, ...]:
    """Give the figures of some names, with those that say of which period they are; all where none is named."""
    if not names:
        return ALL
    return tuple(one for one in ALL if one.published.path in PERIOD or any(map(one.is_of, names)))


def measures(figures: Iterable[Figure]) -> Apart:
    """Give what has to be summed for figures, told apart by what."""
    return _together(told for one in figures for told in one.measures.items())


def only(tree: dict[str, Any], names: Sequence[str]) -> dict[str, Any] | str:
    """Give a tree with what is named alone, in the tree's order; or the first name that it doesn't have."""
    missing = next((name for name in names if not _has(tree, name.split("."))), None)
    return missing or _pruned(tree, [*PERIOD, *names], "")


def _has(tree: Any, steps: Sequence[str]) -> bool:
    return not steps or (isinstance(tree, dict) and steps[0] in tree and _has(tree[steps[0]], steps[1:]))


def _pruned(tree: dict[str, Any], names: Sequence[str], above: str) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in tree.items():
        path = f"{above}{key}"
        if any(path == name or path.startswith(f"{name}.") for name in names):
            kept[key] = value
        elif any(name.startswith(f"{path}.") for name in names):
            kept[key] = _pruned(value, names, f"{path}.")
    return kept
