"""From sums to what is published: rounding half up, nothing over zero, every code there."""

from datetime import UTC, date, datetime

import pytest

from contracts.codes import AGE_BANDS, OCCUPATIONS
from services.reporting.figures.period import Period
from services.reporting.figures.publish import publish
from services.reporting.figures.queries import Sums
from services.reporting.figures.rows import MEASURES
from services.reporting.figures.shares import percent, ratio

JOB_ENDS = ("resigned", "dismissed", "contract_ended", "firm_closed", "illness", "other")

NOTHING: Sums = {measure: {} for measure in MEASURES}


@pytest.mark.parametrize(
    ("part", "whole", "printed"),
    [(17_714, 35_939, 49.3), (1, 16, 6.3), (1, 80, 1.3), (435, 644, 67.5), (0, 3, 0.0), (3, 3, 100.0), (1, 0, None)],
)
def test_percentages_have_one_decimal_half_up(part: int, whole: int, printed: float | None) -> None:
    assert percent(part, whole) == printed


def test_ratios_are_the_articles() -> None:
    assert (ratio(254_240, 35_939), ratio(91_585, 35_939)) == (7.1, 2.5)


def test_with_nothing_recorded_every_code_is_there_and_ratios_are_null() -> None:
    figures = publish(NOTHING, Period(date(2009, 1, 28)))
    placed = figures["placed"]
    assert placed["by_occupation"] == dict.fromkeys(OCCUPATIONS, 0)
    assert placed["by_age"] == dict.fromkeys(AGE_BANDS, 0)
    assert placed["by_occupation_percent"] == dict.fromkeys(OCCUPATIONS)
    assert placed["by_age_percent"] == dict.fromkeys(AGE_BANDS)
    assert (placed["total"], placed["rate_percent"]) == (0, None)
    assert figures["sessions"] == {
        "total": 0, "job": 0, "startup": 0, "by_channel": {"visit": 0, "call": 0, "online": 0},
    }  # fmt: skip
    assert figures["per_seeker"] == {"sessions": None, "referrals": None}
    assert figures["per_session"] == {"launches_percent": None}
    assert figures["after_placement"] == {
        "satisfaction": {"answered": 0, "average": None, "by_answer": dict.fromkeys("12345", 0)},
        "jobs_changed": 0,
        "ended": {"total": 0, "by_reason": dict.fromkeys(JOB_ENDS, 0)},
    }


def test_figures_of_care_are_there_with_every_stage() -> None:
    figures = publish(
        {
            **NOTHING,
            "sos_care_granted": {(): 5},
            "sos_care_declined": {(): 2},
            "sos_care_ended": {("private_job",): 3, ("withdrawn",): 1},
            "sos_care_placed": {(): 4},
            "supports_due": {(): 11},
            "supports_given": {(): 9},
            "total_care_ended": {("in_work", "ready"): 2, ("other", "training"): 1},
            "care_stages": {("training",): 2, ("ready",): 1},
            "courses_completed": {(): 6},
            "referrals_overridden": {(): 1},
        },
        Period(date(2009, 1, 28)),
    )
    assert figures["sos_care"] == {
        "granted": 5, "declined": 2, "ended": 4, "private_job": 3, "placed": 4, "supports_due": 11, "supports": 9,
    }  # fmt: skip
    assert figures["care_stages"] == {"preparation": 0, "counselling": 0, "training": 2, "ready": 1}
    assert figures["total_care"] == {
        "courses_completed": 6,
        "referrals_overridden": 1,
        "ended": {
            "total": 3,
            "by_reason": {"in_work": 2, "not_wanted": 0, "withdrawn": 0, "other": 1},
            "by_stage": {"preparation": 0, "counselling": 0, "training": 1, "ready": 2},
        },
    }


def test_what_became_of_the_placed_is_told_by_reason_and_satisfaction_as_a_mean() -> None:
    figures = publish(
        {
            **NOTHING,
            "job_satisfaction": {("5",): 2, ("4",): 1, ("2",): 1},
            "employments_ended": {("resigned",): 3, ("illness",): 1},
            "jobs_changed": {(): 2},
        },
        Period(date(2009, 1, 28)),
    )
    assert figures["after_placement"] == {
        "satisfaction": {"answered": 4, "average": 4.0, "by_answer": {"1": 0, "2": 1, "3": 0, "4": 1, "5": 2}},
        "jobs_changed": 2,
        "ended": {"total": 4, "by_reason": {**dict.fromkeys(JOB_ENDS, 0), "resigned": 3, "illness": 1}},
    }


def test_internships_are_told_by_year_from_their_start_to_the_permanent_job() -> None:
    figures = publish(
        {**NOTHING, "internships_completed": {("2010",): 3}, "internships_converted": {("2010",): 2}},
        Period(date(2011, 1, 27)),
        by_year={"internships_started": {"2009": 1, "2010": 4}, "internships_broken_off": {"2011": 1}},
    )
    none = {"started": 0, "broken_off": 0, "completed": 0, "converted": 0, "percent": None}
    assert figures["internships"] == {
        "2009": {**none, "started": 1},
        "2010": {"started": 4, "broken_off": 0, "completed": 3, "converted": 2, "percent": 66.7},
        "2011": {**none, "broken_off": 1},
    }


def test_parts_are_shares_of_all_placed_and_channels_of_all_sessions() -> None:
    figures = publish(
        {
            **NOTHING,
            "registered": {(): 6},
            "placed": {
                ("02", "-29", "referral", "private", "permanent", "true"): 2,
                ("02", "55-", "referral", "public", "public_works", "false"): 1,
                ("11", "-29", "internship", "private", "permanent", "true"): 1,
            },
            "retention_due": {("1m",): 4, ("1w",): 9},
            "retention_reached": {("1m",): 3},
            "retention_still_employed": {("1m",): 2},
            "sessions": {("job", "visit"): 13, ("startup", "visit"): 2, ("job", "call"): 2},
            "referrals": {(): 9},
            "launches": {(): 1},
        },
        Period(date(2009, 1, 28)),
    )
    assert figures["placed"]["total"] == 4
    assert figures["placed"]["rate_percent"] == 66.7
    assert figures["placed"]["by_occupation_percent"]["02"] == 75.0
    assert figures["placed"]["by_age_percent"] == {"-29": 75.0, "30-39": 0.0, "40-54": 0.0, "55-": 25.0}
    assert (figures["placed"]["wanted"], figures["placed"]["wanted_percent"]) == (3, 75.0)
    assert figures["placed"]["by_source"] == {"referral": 3, "internship": 1}
    assert figures["placed"]["by_sector"] == {"private": 3, "public": 1}
    assert figures["placed"]["by_employment"] == {
        "permanent": 3, "fixed_term": 0, "public_works": 1, "internship": 0,
    }  # fmt: skip
    nobody = {"due": 0, "reached": 0, "still_employed": 0, "percent": None}
    assert figures["retention"] == {
        "1": {"due": 4, "reached": 3, "still_employed": 2, "percent": 66.7}, "3": nobody, "6": nobody, "12": nobody,
    }  # fmt: skip
    assert figures["sessions"] == {
        "total": 17, "job": 15, "startup": 2, "by_channel": {"visit": 15, "call": 2, "online": 0},
    }  # fmt: skip
    assert figures["per_seeker"] == {"sessions": 2.5, "referrals": 1.5}
    assert figures["per_session"] == {"launches_percent": 50.0}


def test_a_day_is_known_to_its_end_in_seoul() -> None:
    known = Period(date(2010, 1, 1), known_at=date(2009, 12, 31))
    assert known.known_through == date(2009, 12, 31)
    assert known.known_until == datetime(2009, 12, 31, 14, 59, 59, 999_999, tzinfo=UTC)
    assert known.known_from is None


def test_a_moment_knows_the_days_before_it_whole_and_its_own_up_to_it() -> None:
    moment = datetime(2009, 12, 31, 16, 30, tzinfo=UTC)  # 01:30 on New Year's Day in Seoul
    known = Period(date(2010, 1, 1), known_at=moment)
    assert known.known_through == date(2009, 12, 31)
    assert known.known_from == datetime(2009, 12, 31, 15, tzinfo=UTC)
    assert known.known_until == moment
