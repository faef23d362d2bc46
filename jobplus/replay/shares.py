"""Whole numbers and the percentages that they print as: rounding half up, and parts of a whole."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from contracts.codes import AGE_BANDS, AgeBand


def half_up(numerator: int, denominator: int, digits: int = 0) -> Decimal:
    """Round a quotient of whole numbers from 0 to so many digits after the point, half up."""
    return Decimal((2 * numerator * 10**digits + denominator) // (2 * denominator)).scaleb(-digits)


def ratio(numerator: int, denominator: int) -> Decimal | None:
    """Give a quotient as it is published: to one decimal, and none over zero."""
    return half_up(numerator, denominator, 1) if denominator else None


def percent(part: int, whole: int) -> Decimal | None:
    """Give a percentage as it is published: to one decimal, and none of nothing."""
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


def decimals(number: Decimal) -> int:
    """Count the digits after the point that a number needs."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def tenths(share: Decimal) -> range:
    """Give the published percentages, in tenths, that are the share to the digit it was given with.

    33.3 is met by 33.3 alone; 33, given without a decimal, by 32.5 to 33.4.
    """
    given = int(share * 10)
    written = share.as_tuple().exponent
    return range(given, given + 1) if isinstance(written, int) and written < 0 else range(given - 5, given + 5)


def counts_printing(share: Decimal, whole: int) -> range:
    """Give the counts out of a whole (over 0) whose published percentage is the share; empty where none is."""
    if decimals(share) > 1:
        return range(0)
    wanted = tenths(share)
    fewest = -(-whole * (2 * wanted.start - 1) // 2000)
    too_many = -(-whole * (2 * wanted.stop - 1) // 2000)
    return range(max(0, fewest), min(whole + 1, too_many))


def age_counts(total: int, shares: Mapping[AgeBand, Decimal]) -> dict[AgeBand, int] | None:
    """Find how many persons of each named band, out of the total, print as the shares: the nearest to them.

    None where no whole numbers do. Where all bands are named the counts add up to the total.
    """
    ranges = {band: counts_printing(share, total) for band, share in shares.items()}
    if not all(ranges.values()):
        return None
    exact = {band: share * total / 100 for band, share in shares.items()}
    counts = {band: min(max(int(exact[band]), ranges[band].start), ranges[band].stop - 1) for band in shares}
    left = total - sum(counts.values())
    all_named = len(shares) == len(AGE_BANDS)
    named_sum = total if all_named else min(total, sum(round(value) for value in exact.values()))
    missing = named_sum - (total - left)
    while missing > 0:
        if not (room := [band for band in counts if counts[band] < ranges[band].stop - 1]):
            return None if all_named else counts
        counts[max(room, key=lambda band: exact[band] - counts[band])] += 1
        missing -= 1
    while missing < 0:
        if not (room := [band for band in counts if counts[band] > ranges[band].start]):
            return None if sum(counts.values()) > total or all_named else counts
        counts[min(room, key=lambda band: exact[band] - counts[band])] -= 1
        missing += 1
    return counts
