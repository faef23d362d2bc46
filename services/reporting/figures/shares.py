"""Shares: how much of one count another is, over any period, by month and split.

One table says what each is made of, for the whole answer as for a series or a split. Percentages and ratios have one
decimal, rounded half up; over zero they are None.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from chassis.database.db import Connection
from services.reporting.figures.measures import Dimension, Measure, ShareName
from services.reporting.figures.parts import Part, parts
from services.reporting.figures.period import Period
from services.reporting.figures.queries import Sums
from services.reporting.figures.rows import MEASURES

_TENTH = Decimal("0.1")


class Count(NamedTuple):
    """A measure, or what it counts of one value of a dimension."""

    measure: Measure
    dimension: Dimension | None = None
    value: str = ""

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What it can be split by."""
        return tuple(name for name in MEASURES[self.measure].by if name != self.dimension)


class Share(NamedTuple):
    """What is divided by what, times `scale`: 100 gives a percentage, 1 a ratio."""

    numerator: Count
    denominator: Count
    scale: int = 100

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What both counts can be split by."""
        return tuple(name for name in self.numerator.dimensions if name in self.denominator.dimensions)


class Divided(NamedTuple):
    """The two counts of a share, and what it is, None over zero."""

    numerator: int
    denominator: int
    value: float | None


SHARES: Mapping[ShareName, Share] = {
    "placement_rate_percent": Share(Count("placed"), Count("registered")),
    "wanted_percent": Share(Count("placed", "wanted", "true"), Count("placed")),
    "sessions_per_seeker": Share(Count("sessions", "kind", "job"), Count("registered"), 1),
    "referrals_per_seeker": Share(Count("referrals"), Count("registered"), 1),
    "launches_per_session_percent": Share(Count("launches"), Count("sessions", "kind", "startup")),
    "internship_conversion_percent": Share(Count("internships_converted"), Count("internships_completed")),
    "retention_1m_percent": Share(
        Count("retention_still_employed", "step", "1m"), Count("retention_reached", "step", "1m")
    ),
    "retention_3m_percent": Share(
        Count("retention_still_employed", "step", "3m"), Count("retention_reached", "step", "3m")
    ),
    "retention_6m_percent": Share(
        Count("retention_still_employed", "step", "6m"), Count("retention_reached", "step", "6m")
    ),
    "retention_12m_percent": Share(
        Count("retention_still_employed", "step", "12m"), Count("retention_reached", "step", "12m")
    ),
}


def ratio(part: int, whole: int, scale: int = 1) -> float | None:
    """Divide, times `scale`, to one decimal, half up."""
    if whole == 0:
        return None
    return float((Decimal(part * scale) / Decimal(whole)).quantize(_TENTH, ROUND_HALF_UP))


def percent(part: int, whole: int) -> float | None:
    return ratio(part, whole, 100)


def divide(name: ShareName, numerator: int, denominator: int) -> Divided:
    """Give a share of two counts."""
    return Divided(numerator, denominator, ratio(numerator, denominator, SHARES[name].scale))


def share_of(name: ShareName, sums: Sums, **of: str) -> Divided:
    """Give a share from sums: of all that is counted, or of the values `of` some dimensions that rollups keep."""
    numerator, denominator = (_sum(sums, count, of) for count in SHARES[name][:2])
    return divide(name, numerator, denominator)


def _sum(sums: Sums, count: Count, of: Mapping[str, str]) -> int:
    told = {**of, count.dimension: count.value} if count.dimension else of
    kept = [str(name) for name in MEASURES[count.measure].rolled]
    places = {kept.index(name): value for name, value in told.items()}
    return sum(
        amount
        for values, amount in sums[count.measure].items()
        if all(values[place] == value for place, value in places.items())
    )


async def share_parts(
    conn: Connection, name: ShareName, by: Sequence[Dimension], period: Period, *, monthly: bool = False
) -> dict[Part, Divided]:
    """Give a share of each part, as `parts` gives them, in their order: of all where it is split by nothing."""
    share = SHARES[name]
    numerators = await _counted(conn, share.numerator, by, period, monthly=monthly)
    denominators = await _counted(conn, share.denominator, by, period, monthly=monthly)
    found = sorted({*numerators, *denominators}, key=lambda part: (part[0] or date.min, part[1]))
    return {part: divide(name, numerators.get(part, 0), denominators.get(part, 0)) for part in found}


async def _counted(
    conn: Connection, count: Count, by: Sequence[Dimension], period: Period, *, monthly: bool
) -> dict[Part, int]:
    if count.dimension is None:
        return dict(await parts(conn, count.measure, by, period, monthly=monthly))
    found = await parts(conn, count.measure, (count.dimension, *by), period, monthly=monthly)
    return {(month, values[1:]): amount for (month, values), amount in found.items() if values[0] == count.value}
