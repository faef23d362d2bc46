"""Whole numbers and the percentages that they print as: rounding half up, and parts of a whole."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from contracts.codes import AGE_BANDS, AgeBand


def half_up(number: Fraction) -> int:
    """Round a number from 0 to a whole one, half up."""
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)


def ratio(numerator: int, denominator: int) -> Decimal | None:
    """Give a quotient as it is published: to one decimal, half up, and none over zero."""
    return Decimal(half_up(Fraction(10 * numerator, denominator))).scaleb(-1) if denominator else None


def percent(part: int, whole: int) -> Decimal | None:
    """Give a percentage as it is published: to one decimal, half up, and none of nothing."""
    return ratio(100 * part, whole)


def apportion(whole: int, weights: Sequence[int]) -> list[int]:
    """Split a whole by weights with the largest remainder method; among equal remainders the earlier part gains.

    Raises ValueError when there is something to split and every weight is zero.
    """
    total = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    if total == 0:
        raise ValueError(f"nothing to split {whole} by")
    parts = [whole * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: -(whole * weights[index] % total))
    for index in by_remainder[: whole - sum(parts)]:
        parts[index] += 1
    return parts


def counts_printing(share: Decimal, whole: int) -> range:
    """Give the counts out of a whole (over 0) whose published percentage is the share; empty where there is none."""
    tenths = Fraction(share) * 10
    if tenths.denominator > 1:
        return range(0)
    fewest = -(-whole * (2 * tenths.numerator - 1) // 2000)
    too_many = -(-whole * (2 * tenths.numerator + 1) // 2000)
    return range(max(0, fewest), min(whole + 1, too_many))


def age_counts(total: int, shares: Mapping[AgeBand, Decimal]) -> dict[AgeBand, int] | None:
    """Find how many persons of each named band, out of the total (over 0), print as the shares: the nearest to them.

    None where no whole numbers do. Where all bands are named the counts add up to the total.
    """
    ranges = {band: counts_printing(share, total) for band, share in shares.items()}
    if not all(ranges.values()):
        return None
    fewest = sum(counts.start for counts in ranges.values())
    most = sum(counts.stop - 1 for counts in ranges.values())
    exact = {band: share * total / 100 for band, share in shares.items()}
    goal = total if len(shares) == len(AGE_BANDS) else min(total, max(fewest, min(most, round(sum(exact.values())))))
    if not fewest <= goal <= most:
        return None
    counts = {band: min(max(int(exact[band]), ranges[band].start), ranges[band].stop - 1) for band in shares}
    while (missing := goal - sum(counts.values())) > 0:
        room = [band for band in counts if counts[band] < ranges[band].stop - 1]
        counts[max(room, key=lambda band: exact[band] - counts[band])] += 1
    while missing < 0:
        room = [band for band in counts if counts[band] > ranges[band].start]
        counts[min(room, key=lambda band: exact[band] - counts[band])] -= 1
        missing += 1
    return counts
