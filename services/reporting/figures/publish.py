"""The published figures: a tree, which the rows are put into one after the other, each under its path."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from services.reporting.figures.asked import ALL, Figure
from services.reporting.figures.made import MADE, Answered
from services.reporting.figures.period import Period
from services.reporting.figures.queries import ByYear, Mismatch, Sums
from services.reporting.figures.row import OfTwo, OneOf, Published, Row, Split, SplitPercent, Total
from services.reporting.figures.shares import percent, share_of
from services.reporting.figures.surveys import Survey


def publish(
    sums: Sums,
    period: Period,
    unplaced: Mapping[int, Sequence[str]] = MappingProxyType({}),
    mismatches: Mapping[int, Mismatch] = MappingProxyType({}),
    targets: Sequence[Mapping[str, Any]] = (),
    surveys: Sequence[Survey] = (),
    by_year: ByYear = MappingProxyType({}),
    figures: Sequence[Figure] = ALL,
) -> dict[str, Any]:
    """Give the figures as they are published. All occupations, age bands and channels are there, zeros too.

    `unplaced` has the first wanted occupations of the unplaced at each year's end, most first; `mismatches` both sides
    of the labour market that each year's visits are to bring together; `targets` has them as they are published;
    `surveys` those up to the period's last day; `by_year` the measures whose rollup tells no year.
    """
    of = Answered(sums, period, unplaced, mismatches, targets, surveys, by_year)
    tree: dict[str, Any] = {}
    for row, one in figures:
        _put(tree, one.path, _figure(row, one, of) if row else MADE[one.path](of))
    return tree


def _put(tree: dict[str, Any], path: str, figure: Any) -> None:
    """Put a figure under its path; what stands beside others goes among them."""
    *branches, name = path.split(".")
    for branch in branches:
        tree = tree.setdefault(branch, {})
    if name in tree:
        tree[name].update(figure)
    else:
        tree[name] = figure


def _figure(row: Row, one: Published, of: Answered) -> Any:
    counted = of.sums[row.measure]
    match one:
        case Total():
            return sum(counted.values())
        case OneOf():
            return _split(row, one.by, (), counted).get(one.value, 0)
        case SplitPercent():
            split, whole = _split(row, one.by, one.values, counted), sum(counted.values())
            return {value: percent(part, whole) for value, part in split.items()}
        case Split():
            return _split(row, one.by, one.values, counted)
        case OfTwo():
            return share_of(one.share, of.sums).value
        case _:
            return MADE[one.path](of)


def _split(row: Row, by: str, values: Sequence[str], counted: Mapping[tuple[str, ...], int]) -> dict[str, int]:
    place = row.rolled.index(by)
    split = dict.fromkeys(values, 0)
    for told, amount in counted.items():
        split[told[place]] = split.get(told[place], 0) + amount
    return split
