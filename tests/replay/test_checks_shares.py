"""Whole numbers behind published shares, against trying out every one."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contracts.codes import AGE_BANDS, AgeBand
from jobplus.replay.planning.shares import age_counts, apportion, counts_printing, percent, ratio

tenths = st.integers(0, 1005).map(lambda tenth: Decimal(tenth) / 10)


def printed(part: int, whole: int) -> Decimal:
    """The percentage by decimal's own rounding; 28 digits are exact enough for the totals here."""
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


@settings(deadline=None)
@given(st.integers(1, 3000), tenths)
@example(2000, Decimal("0.1"))
@example(8, Decimal("12.5"))
def test_the_counts_that_print_as_a_share_are_exactly_those(whole: int, share: Decimal) -> None:
    assert list(counts_printing(share, whole)) == [part for part in range(whole + 1) if printed(part, whole) == share]


def test_a_share_with_two_decimals_is_printed_by_nothing() -> None:
    assert not counts_printing(Decimal("12.25"), 400)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_percentage_is_rounded_half_up(part: int, whole: int) -> None:
    assert percent(part, whole) == printed(part, whole)


def test_a_ratio_over_zero_is_none() -> None:
    assert ratio(5, 0) is percent(0, 0) is None


@st.composite
def totals_and_shares(draw: st.DrawFn) -> tuple[int, dict[AgeBand, Decimal]]:
    """Shares that some count of the total prints as, each by itself, or that are nowhere near one."""
    total = draw(st.integers(1, 8))
    share = st.integers(0, total).map(lambda part: printed(part, total)) | tenths
    return total, draw(st.dictionaries(st.sampled_from(AGE_BANDS), share, min_size=1))


@settings(deadline=None)
@given(totals_and_shares())
@example((3, dict.fromkeys(AGE_BANDS[1:], Decimal("33.3"))))
def test_ages_are_found_whenever_there_are_any(drawn: tuple[int, dict[AgeBand, Decimal]]) -> None:
    total, shares = drawn

    def prints(counts: Mapping[AgeBand, int]) -> bool:
        return all(printed(counts[band], total) == share for band, share in shares.items())

    splits = (
        dict(zip(AGE_BANDS, ages, strict=True))
        for ages in product(range(total + 1), repeat=len(AGE_BANDS))
        if sum(ages) == total
    )
    found = age_counts(total, shares)

    assert (found is not None) == any(prints(counts) for counts in splits)
    if found is not None:
        assert sum(found.values()) == total
        assert prints(found)


@settings(deadline=None)
@given(st.tuples(*[st.integers(0, 5000)] * len(AGE_BANDS)).filter(any), st.sets(st.sampled_from(AGE_BANDS), min_size=1))
def test_ages_of_what_happened_are_found(ages: tuple[int, ...], named: set[AgeBand]) -> None:
    total = sum(ages)
    shares = {band: printed(ages[AGE_BANDS.index(band)], total) for band in named}

    found = age_counts(total, shares)

    assert found is not None
    assert sum(found.values()) == total
    assert all(printed(found[band], total) == share for band, share in shares.items())


@pytest.mark.parametrize(
    ("total", "shares"),
    [
        (3000, ("0.1", "33.3", "33.3", "33.3")),
        (7000, ("0.0", "0.1", "49.9", "50.0")),
        (2001, ("24.9", "25.1", "25.0", "25.0")),
    ],
)
def test_of_many_answers_the_nearest_to_the_shares_is_taken(total: int, shares: tuple[str, ...]) -> None:
    by_band = {band: Decimal(share) for band, share in zip(AGE_BANDS, shares, strict=True)}
    exact = [Decimal(share) * total / 100 for share in shares]

    def distance(counts: tuple[int, ...]) -> Decimal:
        return sum(((count - share) ** 2 for count, share in zip(counts, exact, strict=True)), Decimal(0))

    first, second, third, fourth = (counts_printing(share, total) for share in by_band.values())
    nearest = min(
        distance((one, two, three, total - one - two - three))
        for one, two, three in product(first, second, third)
        if total - one - two - three in fourth
    )
    found = age_counts(total, by_band)

    assert found is not None
    assert distance(tuple(found[band] for band in AGE_BANDS)) == nearest


def test_ages_of_a_very_large_total_are_found_at_once() -> None:
    shares = dict(zip(AGE_BANDS, map(Decimal, ("29.9", "20.6", "25.1", "24.3")), strict=True))
    total = 10**12

    found = age_counts(total, shares)

    assert found is not None
    assert sum(found.values()) == total
    assert all(percent(found[band], total) == share for band, share in shares.items())


def test_bands_that_are_not_named_share_what_is_left() -> None:
    assert age_counts(10, {"40-54": Decimal(50)}) == {"-29": 2, "30-39": 2, "40-54": 5, "55-": 1}


@settings(deadline=None)
@given(st.lists(st.integers(0, 1000), min_size=1, max_size=8), st.integers(0, 10**5))
def test_parts_add_up_and_none_is_one_away_from_its_exact_share(weights: list[int], whole: int) -> None:
    if not sum(weights):
        weights[0] = 1
    parts = apportion(whole, weights)

    assert sum(parts) == whole
    assert all(
        abs(part * sum(weights) - whole * weight) < sum(weights) for part, weight in zip(parts, weights, strict=True)
    )


def test_nothing_can_be_split_by_nothing_but_nothing() -> None:
    assert apportion(0, [0, 0]) == [0, 0]
    with pytest.raises(ValueError, match="nothing to split 3 by"):
        apportion(3, [0, 0])
