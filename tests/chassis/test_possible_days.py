"""On which days something can have gone on here: none to come, and none before the opening day where one is set."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chassis.batch.decisions import Actor, Now, impossible_day, in_future
from chassis.problems import DATE_BEFORE_OPENED, DATE_IN_FUTURE, ProblemType

ROOT = Path(__file__).parents[2]
TODAY, OPENED = date(2009, 6, 15), date(2009, 1, 28)
NOW = Now(datetime(2009, 6, 15, 3, tzinfo=UTC), TODAY, Actor("manager", "m-1"), opened_on=OPENED)


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        (None, None),
        (TODAY, None),
        (OPENED, None),
        (date(2009, 1, 27), DATE_BEFORE_OPENED),
        (date(2009, 6, 16), DATE_IN_FUTURE),
    ],
)
def test_a_day_from_the_opening_to_today_is_possible(day: date | None, problem: ProblemType | None) -> None:
    refused = impossible_day(NOW, "occurred_on", day)
    assert (refused and refused.problem) == problem
    assert refused is None or refused.field == "occurred_on"


def test_where_no_opening_day_is_set_none_is_too_early() -> None:
    anytime = Now(NOW.at, TODAY, NOW.actor)
    assert impossible_day(anytime, "occurred_on", date(1900, 1, 1)) is None
    assert in_future(NOW, "last_job_ended_on", date(2008, 12, 31)) is None


def test_nothing_is_possible_on_a_day_before_a_centre_that_is_yet_to_open() -> None:
    early = Now(NOW.at, date(2009, 1, 5), NOW.actor, opened_on=OPENED)
    refused = impossible_day(early, "occurred_on", date(2009, 1, 5))
    assert refused is not None
    assert (refused.problem, refused.facts) == (DATE_BEFORE_OPENED, {"opened_on": OPENED})


def test_only_a_last_job_a_target_and_what_a_table_is_asked_may_have_a_day_before_the_opening() -> None:
    found = [path for path in (ROOT / "services").rglob("*.py") if "in_future(" in path.read_text("utf-8")]
    assert {str(path.relative_to(ROOT)) for path in found} == {
        "services/intake/seekers/rules.py",
        "services/reporting/tables/rules.py",
        "services/reporting/targets/rules.py",
    }
