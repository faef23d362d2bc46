"""A figure that isn't what a load's history says is found, whichever it is."""

from collections import Counter
from datetime import timedelta

import pytest

from jobplus.replay.drawing.history import DrawnHistory, history
from jobplus.replay.driving.care import FollowedUp
from tests.load.comparing import Difference, Leaves, differences, expected, published
from tests.load.plans import Size, long_plan

PLAN = long_plan(Size(years=2, people=600, seed=5))
DAYS = 100
FOLLOWED_UP = FollowedUp(Counter({"1m": 9}), Counter({"1m": 8}), Counter({"1m": 7, "6m": 3}), Counter({2010: 3}), 4)


@pytest.fixture(scope="module")
def made() -> DrawnHistory:
    return history(PLAN, 5)


@pytest.fixture(scope="module")
def told(made: DrawnHistory) -> Leaves:
    return expected(made, PLAN.targets, made.period.date(DAYS - 1), FOLLOWED_UP)


def test_each_figure_that_is_another_or_missing_differs(told: Leaves) -> None:
    assert len(told) > 150
    assert differences(told, told) == []
    for figure, value in told.items():
        assert differences(told, {**told, figure: -1}) == [Difference(figure, value, -1)]
        without = {other: said for other, said in told.items() if other != figure}
        assert differences(told, without) == [Difference(figure, value, "nothing")]


def test_what_followup_came_to_is_expected(told: Leaves) -> None:
    assert told["retention.1.due"] == 9
    assert told["retention.1.percent"] == 87.5
    assert told["retention.3.percent"] is None
    assert told["targets.2010.still_employed.reached"] == 3
    assert told["sos_care.supports"] == 4


def test_a_person_fewer_or_a_day_more_is_found(made: DrawnHistory, told: Leaves) -> None:
    people = [*made.intake.people]
    registered = sum(person.registered_on < DAYS for person in people)
    assert told["registered"] == registered
    fewer = {**told, "registered": registered - 1}
    assert [each.figure for each in differences(told, fewer)] == ["registered"]
    later = expected(made, PLAN.targets, made.period.date(DAYS), FOLLOWED_UP)
    assert {"as_of", "sessions.total"} <= {each.figure for each in differences(told, later)}


def test_surveys_are_expected_from_their_days_on(made: DrawnHistory) -> None:
    first, second = made.surveys
    before = expected(made, PLAN.targets, first.on - timedelta(1), FOLLOWED_UP)
    assert before["surveys.held"] == 0
    after = expected(made, PLAN.targets, first.on, FOLLOWED_UP)
    assert (after["surveys.held"], after[f"surveys.{first.on}.score"]) == (1, 65.0)
    assert after[f"surveys.{first.on}.change"] is None
    later = expected(made, PLAN.targets, second.on, FOLLOWED_UP)
    assert later[f"surveys.{second.on}.change"] == 5.0


def test_what_is_published_of_a_year_that_nothing_is_expected_of_must_be_nothing() -> None:
    visits = {"due": 3, "made": 0, "plans_secured": 0, "vacancies_found": 0, "placed": 0}
    assert differences({}, published({"visits": {"2010": visits}, "surveys": [], "targets": []}, {})) == []
    found = published({"visits": {"2010": {**visits, "made": 1}}, "surveys": [], "targets": []}, {})
    assert differences({}, found) == [Difference("visits.2010.made", 0, 1)]


def test_lists_are_found_by_their_days_and_measures() -> None:
    figures = {
        "registered": 3,
        "surveys": [{"on": "2009-09-18", "score": 65.0}],
        "targets": [{"year": 2009, "measure": "placed", "value": 5, "reached": 1}],
    }
    got = published(figures, {"seekers_erased": 2})
    assert got["surveys.held"] == 1
    assert got["surveys.2009-09-18.score"] == 65.0
    assert got["targets.2009.placed.reached"] == 1
    assert got["afterwards.seekers_erased"] == 2
