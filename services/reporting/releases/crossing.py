"""Which counts of a table by two things aren't told: the small ones, and those by which they could be found out.

Each row and each column of such a table adds up to a count of a table by one thing, its margin, which is told or
withheld there. Take every count that isn't told as an edge between its row and its column, and every margin that isn't
as one between its line and that of the totals: what somebody knows of them are sums at the nodes, so a count follows
from all others where, and only where, its edge lies on no circle. What two tables of a measure could tell together are
margins, so a line whose margin is withheld tells none of its counts in any of them (decision 40).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

import orjson

from services.reporting.releases.withholding import Point, is_small_beside, known_as_before, withheld_of

Pair = tuple[str, str]
"""A row's value and a column's."""

_Node = tuple[str, str | None]
"""A row or a column by its value; None is that of the totals."""


def cell_of(values: Sequence[str]) -> str:
    """Write the values that a count is of as one: a value stands as it is, two as JSON."""
    return values[0] if len(values) == 1 else orjson.dumps(values).decode()


def pair_of(cell: str) -> Pair:
    """Read two values as `cell_of` writes them."""
    row, column = orjson.loads(cell)
    return row, column


def crossing(
    day: date, counts: Mapping[str, int], margins: tuple[Point, Point], before: Sequence[Point], limit: int
) -> Point:
    """Decide what is told of counts by two things up to a day, beside its margins of the same day, and all points that
    were told of the same table before. Of what isn't in `counts` there is none."""
    table = _Table(counts, margins, limit)
    kept_back = {*map(pair_of, withheld_of(day, before))} & table.counts.keys()
    if known := known_as_before(day, counts, before, {*map(cell_of, table.hidden | kept_back)}):
        return known
    small = {cell for cell in table.counts if is_small_beside(cell_of(cell), counts, before, limit)}
    withheld = table.hidden | kept_back | small
    while more := table.lines_to_fill(withheld) or table.circle_for_one_that_follows(withheld):
        withheld |= more
    return Point(day, counts, frozenset(map(cell_of, withheld)))


class _Table:
    """The cells whose count isn't known anyhow: a margin of nobody that is told tells it of all its cells."""

    def __init__(self, counts: Mapping[str, int], margins: tuple[Point, Point], limit: int) -> None:
        self._limit = limit
        lines = [
            [value for value, count in margin.counts.items() if count or not margin.tells(value)] for margin in margins
        ]
        self._rows, self._columns = lines
        pairs = [(row, column) for row in self._rows for column in self._columns]
        self.counts = {pair: counts.get(cell_of(pair), 0) for pair in pairs}
        self._lines = [
            [cell for cell in self.counts if cell[place] == value]
            for place, values in enumerate(lines)
            for value in values
            if margins[place].tells(value)
        ]
        self._hidden_rows, self._hidden_columns = (
            {value for value in values if not margin.tells(value)}
            for values, margin in zip(lines, margins, strict=True)
        )
        self.hidden = frozenset(
            (row, column) for row, column in self.counts if row in self._hidden_rows or column in self._hidden_columns
        )

    def _cost(self, cells: Collection[Pair]) -> tuple[int, int, list[Pair]]:
        """What it costs to withhold cells too: where there is nobody, withholding protects little."""
        counts = [self.counts[cell] for cell in cells]
        return counts.count(0), sum(counts), sorted(cells)

    def lines_to_fill(self, withheld: Collection[Pair]) -> set[Pair]:
        """Give a cell more of a line whose margin is told, but of which a single count is withheld, or so small ones
        that their sum is small: it is the margin less what is told."""
        for line in self._lines:
            hidden = [cell for cell in line if cell in withheld]
            told = [cell for cell in line if cell not in withheld]
            if told and hidden and (len(hidden) < 2 or sum(self.counts[cell] for cell in hidden) < self._limit):
                return {min(told, key=lambda cell: self._cost([cell]))}
        return set()

    def circle_for_one_that_follows(self, withheld: Collection[Pair]) -> set[Pair]:
        """Give the cells that make a circle for one that follows from all the others."""
        edges = {(("row", row), ("column", column)) for row, column in withheld}
        edges |= {(("row", row), ("column", None)) for row in self._hidden_rows}
        edges |= {(("row", None), ("column", column)) for column in self._hidden_columns}
        for cell in sorted(withheld):
            row, column = cell
            if _is_on_a_circle((("row", row), ("column", column)), edges):
                continue
            corners = [
                {(row, other_column), (other_row, column), (other_row, other_column)} - {*withheld}
                for other_row in self._rows
                for other_column in self._columns
                if other_row != row and other_column != column
            ]
            if corners:
                return min(corners, key=self._cost)
        return set()


def _is_on_a_circle(edge: tuple[_Node, _Node], edges: Collection[tuple[_Node, _Node]]) -> bool:
    """Whether there is another way from one end of an edge to the other."""
    beside: dict[_Node, list[_Node]] = defaultdict(list)
    for one, other in edges:
        if (one, other) != edge:
            beside[one].append(other)
            beside[other].append(one)
    start, end = edge
    seen, at = {start}, [start]
    while at:
        for node in beside[at.pop()]:
            if node == end:
                return True
            if node not in seen:
                seen.add(node)
                at.append(node)
    return False
