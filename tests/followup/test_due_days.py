"""On which day a contact falls due: the calendar's months, weekends and Korea's holidays."""

import calendar
from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import FollowUpStep
from services.followup.contacts.working_days import due_on, is_working_day, months_after, working_day_from

DAYS = st.dates(date(2000, 1, 1), date(2048, 12, 31))
STEPS = st.sampled_from(get_args(FollowUpStep))


def test_each_step_falls_due_on_its_working_day() -> None:
    assert [due_on(date(2009, 3, 3), step) for step in get_args(FollowUpStep)] == [
        date(2009, 3, 10),
        date(2009, 4, 3),
        date(2009, 6, 3),
        date(2009, 9, 3),
        date(2010, 3, 3),
    ]


@pytest.mark.parametrize(
    ("day", "working"),
    [
        pytest.param(date(2009, 3, 7), date(2009, 3, 9), id="a Saturday moves to Monday"),
        pytest.param(date(2009, 3, 8), date(2009, 3, 9), id="a Sunday moves to Monday"),
        pytest.param(date(2009, 3, 9), date(2009, 3, 9), id="a Monday stays"),
        pytest.param(date(2009, 5, 5), date(2009, 5, 6), id="Children's Day"),
        pytest.param(date(2009, 1, 24), date(2009, 1, 28), id="Seollal 2009, Sunday to Tuesday, after a Saturday"),
        pytest.param(date(2010, 2, 13), date(2010, 2, 16), id="Seollal 2010, Saturday to Monday"),
        pytest.param(date(2009, 10, 2), date(2009, 10, 5), id="Chuseok 2009, Friday to Sunday"),
        pytest.param(date(2010, 9, 21), date(2010, 9, 24), id="Chuseok 2010, Tuesday to Thursday"),
        pytest.param(date(2010, 5, 21), date(2010, 5, 24), id="Buddha's Birthday 2010, a Friday"),
        pytest.param(date(2010, 6, 2), date(2010, 6, 3), id="the day of local elections"),
        pytest.param(date(2025, 10, 3), date(2025, 10, 10), id="Foundation Day to Hangul Day 2025, with a substitute"),
        pytest.param(date(2009, 12, 31), date(2009, 12, 31), id="the last day of a year"),
        pytest.param(date(2010, 1, 1), date(2010, 1, 4), id="New Year's Day before a weekend"),
    ],
)
def test_a_day_off_moves_to_the_next_working_day(day: date, working: date) -> None:
    assert working_day_from(day) == working


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        pytest.param(date(2009, 1, 31), 1, date(2009, 2, 28), id="January's end to February's"),
        pytest.param(date(2008, 1, 31), 1, date(2008, 2, 29), id="January's end to a leap February's"),
        pytest.param(date(2009, 8, 31), 6, date(2010, 2, 28), id="over the year's end"),
        pytest.param(date(2009, 5, 31), 1, date(2009, 6, 30), id="a month of 31 days to one of 30"),
        pytest.param(date(2012, 2, 29), 12, date(2013, 2, 28), id="a leap day to a year without"),
        pytest.param(date(2011, 2, 28), 12, date(2012, 2, 28), id="February's end to a leap year: the same day"),
        pytest.param(date(2009, 12, 15), 1, date(2010, 1, 15), id="December to January"),
    ],
)
def test_months_are_the_calendars_and_end_at_the_months_end(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


@given(DAYS, st.integers(1, 60))
def test_a_month_later_is_the_same_day_or_the_months_last(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == min(day.day, calendar.monthrange(later.year, later.month)[1])


@given(DAYS, STEPS)
def test_a_contact_is_always_due_on_a_working_day_after_the_placement(day: date, step: FollowUpStep) -> None:
    due = due_on(day, step)
    assert is_working_day(due)
    assert due >= day + timedelta(days=7)


@given(DAYS)
def test_no_working_day_is_passed_over(day: date) -> None:
    found = working_day_from(day)
    assert not any(is_working_day(day + timedelta(days=n)) for n in range((found - day).days))


@given(DAYS)
def test_a_later_step_is_due_later(day: date) -> None:
    due = [due_on(day, step) for step in get_args(FollowUpStep)]
    assert due == sorted(set(due))
