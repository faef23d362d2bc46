"""Which counts of a table aren't told: the small ones, and those by which they could be found out by subtraction.

Everything that releases tell of a table is made of counts *up to a day*: a year is such a count less the one up to the
year before's end, and so is what somebody gets who lays two releases beside each other. So it is decided for counts up
to a day, a point, whether each is told; a period is told where both of its ends are. Counts of different days are
bound by no sum, so a point can be looked at by itself, and a count that isn't told in it is found out by nobody, as
long as the line's total and the others leave two unknown. And of those that are told no two may lie a small number
apart, since that number could be subtracted (decision 31).
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

Counts = Mapping[str, int]
"""How many there are of each value of what a table is split by; of two values as `crossing.cell_of` writes them."""


@dataclass(frozen=True, slots=True)
class Point:
    """A table's counts up to and including a day, from the opening on, and which of them aren't told. `is_corrected`: a
    correction told of them, and was silent of those that aren't told."""

    day: date
    counts: Counts
    withheld: frozenset[str]
    is_corrected: bool = False

    @property
    def total(self) -> int:
        """How many there are of all values together."""
        return sum(self.counts.values())

    def tells_as(self, other: "Point") -> bool:
        """Whether it tells the same of the same day."""
        return (self.day, self.counts, self.withheld) == (other.day, other.counts, other.withheld)

    def tells(self, value: str) -> bool:
        """Whether the count of a value is told."""
        return value not in self.withheld


def point(day: date, counts: Counts, before: Sequence[Point], limit: int) -> Point:
    """Decide what is told of counts up to a day, beside all points that were told of the same table before.

    A point that was told before, and is known as it was then, stays what it was. What was withheld of the day stays
    withheld, however it is known by now: beside what was told then, the others would tell nearly what it had been.
    """
    kept_back = withheld_of(day, before) & counts.keys()
    if known := known_as_before(day, counts, before, kept_back):
        return known
    small = {value for value in counts if is_small_beside(value, counts, before, limit)}
    return Point(day, counts, frozenset(_with_others(small | kept_back, counts, limit)))


def known_as_before(day: date, counts: Counts, before: Sequence[Point], withheld: Set[str]) -> Point | None:
    """Give what was told of a day that is known as it was then, where that withheld all that is to be withheld now."""
    for known in before:
        if known.day == day and known.counts == counts and withheld <= known.withheld:
            return Point(day, counts, known.withheld)
    return None


def withheld_of(day: date, before: Sequence[Point]) -> frozenset[str]:
    """Give what releases withheld of a day."""
    return frozenset[str]().union(*(known.withheld for known in before if known.day == day and not known.is_corrected))


def told(value: str, last: Point, first: Point | None) -> int | None:
    """Give what is told of a value between two points, the first left out; None where it is withheld."""
    if not last.tells(value) or (first is not None and not first.tells(value)):
        return None
    return last.counts.get(value, 0) - (first.counts.get(value, 0) if first is not None else 0)


def is_small_beside(value: str, counts: Counts, before: Sequence[Point], limit: int) -> bool:
    """Whether a count is small, or would be told a small number apart from one that was told before."""
    count = counts.get(value, 0)
    told = [known.counts.get(value, 0) for known in before if known.tells(value)]
    return any(0 < abs(count - known) < limit for known in (0, *told))


def _with_others(small: set[str], counts: Counts, limit: int) -> set[str]:
    """Add the smallest of the others until at least two are withheld, and not so few in all that their sum is small:
    it is the total less what is told."""
    withheld = set(small)
    others = sorted(counts.keys() - small, key=lambda value: (counts[value] == 0, counts[value], value))
    while withheld and others and (len(withheld) < 2 or sum(counts[value] for value in withheld) < limit):
        withheld.add(others.pop(0))
    return withheld
