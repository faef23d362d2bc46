"""The age that figures use is the year of the day less the year of birth."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import AGE_BANDS, age_band


@pytest.mark.parametrize(
    ("birth_year", "band"),
    [(1994, "-29"), (1980, "-29"), (1979, "30-39"), (1970, "30-39"), (1969, "40-54"), (1955, "40-54"), (1954, "55-")],
)
def test_each_band_begins_and_ends_where_its_name_says(birth_year: int, band: str) -> None:
    assert age_band(birth_year, date(2009, 1, 28)) == band


@given(st.integers(1900, 2010), st.dates(date(2010, 1, 1), date(2060, 12, 31)))
def test_a_band_holds_for_the_whole_year_and_never_falls(birth_year: int, day: date) -> None:
    band = age_band(birth_year, day)
    assert band == age_band(birth_year, day.replace(month=12, day=31)) == age_band(birth_year, day.replace(day=1))
    assert AGE_BANDS.index(age_band(birth_year, date(day.year + 1, 1, 1))) >= AGE_BANDS.index(band)
