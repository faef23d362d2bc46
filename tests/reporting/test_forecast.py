"""What a year will come to: exact where months are alike, and on the two years as docs/forecast.md says."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.targets import forecast
from services.reporting.targets.forecast import Forecast, Months
from tests.reporting.backtests import DOCUMENT, said, with_tables


def a_day_brings(amount: int, first: date, as_of: date) -> Months:
    """Months in which every day brought the same."""
    amounts: dict[tuple[int, int], int] = {}
    for ordinal in range(first.toordinal(), as_of.toordinal() + 1):
        day = date.fromordinal(ordinal)
        amounts[day.year, day.month] = amounts.get((day.year, day.month), 0) + amount
    return Months(amounts, first, as_of)


def count(months: Months, year: int) -> Forecast:
    found = forecast.count(months, year)
    assert found is not None
    return found


@given(st.dates(date(2009, 1, 28), date(2010, 12, 30)), st.integers(1, 50))
def test_a_centre_that_does_the_same_every_day_comes_to_what_its_days_bring(as_of: date, amount: int) -> None:
    found = count(a_day_brings(amount, date(2009, 1, 28), as_of), as_of.year)
    first = max(date(2009, 1, 28), date(as_of.year, 1, 1))
    days = date(as_of.year, 12, 31).toordinal() - first.toordinal() + 1
    assert found.expected == pytest.approx(days * amount)
    year_is_over = as_of == date(as_of.year, 12, 31)
    assert year_is_over or found.low < found.expected < found.high


amounts = st.dictionaries(st.tuples(st.sampled_from([2009, 2010]), st.integers(1, 12)), st.integers(0, 10**6))


@given(amounts, st.dates(date(2009, 1, 1), date(2010, 12, 31)))
def test_no_forecast_takes_away_what_was_reached_and_its_interval_holds_it(
    made: dict[tuple[int, int], int], as_of: date
) -> None:
    known = {month: amount for month, amount in made.items() if month <= (as_of.year, as_of.month)}
    months = Months(known, date(2009, 1, 1), as_of)
    found = count(months, 2010)
    assert months.of_year(2010) <= found.low <= found.expected <= found.high


def test_a_year_that_is_over_came_to_what_was_reached() -> None:
    months = Months({(2009, 12): 5, (2010, 3): 7, (2011, 1): 90}, date(2009, 12, 1), date(2011, 1, 27))
    assert count(months, 2010) == (7, 7, 7)


def test_a_year_that_has_not_begun_is_expected_to_go_on_at_the_last_months_level() -> None:
    months = a_day_brings(3, date(2009, 1, 28), date(2010, 12, 31))
    assert count(months, 2011).expected == pytest.approx(3 * 365)


def test_the_interval_narrows_as_the_year_goes_on() -> None:
    widths = [
        found.high - found.low
        for month in range(7, 13)
        for found in [count(a_day_brings(30, date(2009, 1, 28), date(2010, month, 1)), 2010)]
    ]
    assert widths == sorted(widths, reverse=True)


def test_months_that_scatter_widen_the_interval() -> None:
    even = {(2010, month): 100 for month in range(1, 7)}
    uneven = {(2010, month): 100 + 60 * (-1) ** month for month in range(1, 7)}
    calm, rough = (count(Months(each, date(2010, 1, 1), date(2010, 6, 30)), 2010) for each in (even, uneven))
    assert rough.high - rough.low > 1.5 * (calm.high - calm.low)


def test_two_whole_years_tell_the_season_and_one_does_not() -> None:
    """Half of each year comes in December. In August of the third year that is known, in the second it isn't."""

    def of(year: int, until: int) -> dict[tuple[int, int], int]:
        return {(year, month): 11 if month < 12 else 121 for month in range(1, until + 1)}

    third = Months({**of(2009, 12), **of(2010, 12), **of(2011, 8)}, date(2009, 1, 1), date(2011, 8, 31))
    second = Months({**of(2009, 12), **of(2010, 8)}, date(2009, 1, 1), date(2010, 8, 31))
    assert count(third, 2011).expected == pytest.approx(242)
    assert count(second, 2010).expected < 150


def test_a_share_goes_on_as_in_the_last_twelve_months() -> None:
    part = Months({(2010, month): 6 for month in range(1, 13)}, date(2010, 1, 1), date(2010, 12, 31))
    whole = Months({(2010, month): 10 for month in range(1, 13)}, date(2010, 1, 1), date(2010, 12, 31))
    found = forecast.share(part, whole, 2011, (0, 0), part_of_whole=True)
    assert found is not None
    assert found.expected == pytest.approx(60, abs=0.5)
    assert 50 < found.low < found.expected < found.high < 70
    done = forecast.share(part, whole, 2010, (72, 120), part_of_whole=True)
    assert done is not None
    assert done == pytest.approx((60, 60, 60))


@given(st.integers(0, 500), st.integers(0, 500), st.sampled_from([date(2010, 3, 31), date(2010, 12, 31)]))
def test_a_share_of_a_whole_stays_a_share(part: int, rest: int, as_of: date) -> None:
    parts, wholes = ({(2010, 2): amount} for amount in (part, part + rest))
    found = forecast.share(
        Months(parts, date(2010, 2, 1), as_of),
        Months(wholes, date(2010, 2, 1), as_of),
        2010,
        (part, part + rest),
        part_of_whole=True,
    )
    assert found is None or 0 <= found.low <= found.expected + 1e-9 <= found.high + 2e-9 <= 100 + 3e-9


def test_of_nothing_no_share_is_told() -> None:
    nothing = Months({}, date(2010, 1, 1), date(2010, 12, 31))
    assert forecast.share(nothing, nothing, 2010, (0, 0), part_of_whole=True) is None


@pytest.mark.parametrize("measure", ["placed", "registered"])
def test_with_a_year_behind_it_the_forecast_of_the_two_years_is_near(measure: str) -> None:
    rows = said(measure, 2010)  # pyright: ignore[reportArgumentType]
    errors = [abs(row.error_percent) for row in rows]
    assert len(rows) == 11
    assert sum(errors) / len(errors) < 7
    assert max(errors) < 17
    assert sum(row.is_inside for row in rows) >= 8


def test_the_document_says_what_each_months_end_would_have_said() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert document == with_tables(document), "python -m tests.reporting.backtests writes the tables anew"
