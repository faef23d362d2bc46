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
    """Find how many of the total (over 0) each band holds, so that the named ones print as their shares.

    Of all answers it is the one nearest to the exact shares (least squares); the bands that are not named hold equal
    parts of what is left. None where no whole numbers print so.
    """
    ranges: dict[AgeBand, range] = {band: counts_printing(share, total) for band, share in shares.items()}
    fewest = sum(counts.start for counts in ranges.values())
    most = sum(counts.stop - 1 for counts in ranges.values())
    free: list[AgeBand] = [band for band in AGE_BANDS if band not in shares]
    if not all(ranges.values()) or fewest > total or (not free and most < total):
        return None
    exact: dict[AgeBand, Fraction] = {band: Fraction(share) * total / 100 for band, share in shares.items()}
    counts: dict[AgeBand, int] = {
        band: min(max(half_up(exact[band]), ranges[band].start), ranges[band].stop - 1) for band in shares
    }
    missing = total - sum(counts.values())
    if missing < 0 or not free:
        _spread(missing, counts, exact, ranges)
    left = apportion(total - sum(counts.values()), [1] * len(free)) if free else []
    counts.update(zip(free, left, strict=True))
    return counts


def _spread(
    missing: int,
    counts: dict[AgeBand, int],
    exact: Mapping[AgeBand, Fraction],
    ranges: Mapping[AgeBand, range],
) -> None:
    """Add what is missing (or take away, below 0) within the ranges, first where the count is farthest from exact."""
    step = 1 if missing > 0 else -1
    missing = abs(missing)
    while missing:
        room: dict[AgeBand, int] = {
            band: ranges[band].stop - 1 - counts[band] if step > 0 else counts[band] - ranges[band].start
            for band in counts
        }
        open_bands: list[AgeBand] = [band for band in counts if room[band]]
        # Equal steps for all as long as nobody's limit comes between, so that a large total takes no longer.
        together = min(missing // len(open_bands), *(room[band] for band in open_bands)) - 1
        if together > 0:
            for band in open_bands:
                counts[band] += step * together
            missing -= together * len(open_bands)
        else:
            counts[max(open_bands, key=lambda band: step * (exact[band] - counts[band]))] += step
            missing -= 1
