"""A load meets all of the centre's life in its first months, however long it could go on."""

import pytest

from jobplus.replay.drawing.history import DrawnHistory, history
from jobplus.replay.driving import kinds
from jobplus.replay.driving.actions import Kind
from tests.load.plans import LIGHT, long_plan
from tests.replay.simulate import actions, driven, driven_for


@pytest.fixture(scope="module")
def made() -> DrawnHistory:
    return history(long_plan(LIGHT), LIGHT.seed)


def test_every_kind_of_action_comes_in_its_first_year_or_little_later(made: DrawnHistory) -> None:
    centre = driven_for(made, 400)
    first = actions(made)[: centre.actions]
    assert {action.kind for action in first} == {row for row in vars(kinds).values() if isinstance(row, Kind)}


def test_most_of_it_comes_by_the_first_spring(made: DrawnHistory) -> None:
    centre, spring = driven_for(made, 200), made.period.date(199)
    assert spring.month == 3
    assert centre.converted < centre.completed.keys()
    assert centre.broken_off
    assert centre.corrected
    assert centre.self_found
    assert centre.launched
    assert centre.care.left
    assert centre.care.withdrawn
    assert centre.care.visited["2010"]["vacancies_found"]
    assert all(survey.on < spring for survey in made.surveys)


def test_driven_to_its_end_it_leaves_nothing_over(made: DrawnHistory) -> None:
    assert driven(made).actions == made.total
