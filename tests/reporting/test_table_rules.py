"""What a table may be asked, and how its counts stand in it."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from chassis.batch.decisions import Accepted, Actor, Now, Refused
from services.reporting.staff.arranged import Difference, Line, arranged, differences
from services.reporting.tables.commands import KeepTable
from services.reporting.tables.model import ASKED, Place, Question
from services.reporting.tables.rules import keep_table, wrong

LAST = date(2010, 12, 31)
NOW = Now(datetime(2011, 1, 27, 3, tzinfo=UTC), date(2011, 1, 27), Actor("analyst", "a-1"))


def asked(**given: Any) -> Question:
    """Give a question of persons placed, unless told otherwise."""
    told: dict[str, Any] = {"measure": "placed", "as_of": LAST, **given}
    return Question(**told)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, {}),
        ({"measure": "shoe_size"}, {"measure": "no measure"}),
        ({"measure": "placed_in_year"}, {"measure": "no measure"}),
        ({"rows": "gender", "columns": "age_band"}, {}),
        ({"rows": "channel"}, {"rows": "not split"}),
        ({"rows": "channel", "columns": "size"}, {"rows": "not split", "columns": "not split"}),
        ({"rows": "gender", "columns": "gender"}, {"columns": "twice"}),
        ({"first": date(2011, 1, 1)}, {"from": "turned round"}),
        ({"percent": "total"}, {"percent": "one count"}),
        ({"percent": "column"}, {"percent": "one count"}),
        ({"percent": "column", "columns": "gender"}, {"percent": "one count"}),
        ({"percent": "total", "columns": "gender"}, {}),
        ({"percent": "row", "rows": "gender"}, {"percent": "no columns"}),
        ({"percent": "total", "each": "year"}, {"percent": "years apart"}),
        ({"percent": "row", "columns": "gender", "each": "year"}, {}),
        ({"percent": "total", "each": "year", "measure": "registered"}, {}),
        ({"percent": "total", "each": "month", "measure": "openings"}, {"percent": "goes down"}),
    ],
)
def test_what_can_not_be_asked_is_told_by_its_field(given: dict[str, Any], found: dict[str, str]) -> None:
    assert wrong(asked(**given)) == found
    decision = keep_table(None, KeepTable(UUID(int=1), asked(**given), {}, 7), NOW)
    assert isinstance(decision, Refused) == bool(found)


def test_a_table_is_kept_as_it_was_counted_once_and_never_of_a_day_to_come() -> None:
    counts = {Place(row="female"): 3}
    command = KeepTable(UUID(int=1), asked(rows="gender"), counts, 7)
    kept = keep_table(None, command, NOW)
    assert isinstance(kept, Accepted)
    (table,) = kept.states
    assert (table.counts, table.position, table.kept_role, table.kept_by) == (counts, 7, "analyst", "a-1")
    assert isinstance(keep_table(table, command, NOW), Refused)
    tomorrow = KeepTable(UUID(int=2), asked(as_of=date(2011, 1, 28)), counts, 7)
    assert isinstance(keep_table(None, tomorrow, NOW), Refused)


@pytest.mark.parametrize("measure", ASKED)
def test_a_question_is_read_as_it_was_written(measure: str) -> None:
    for given in (
        {},
        {"rows": "gender", "columns": "age_band", "each": "month", "percent": "row"},
        {"first": date(2009, 1, 28), "known_at": date(2010, 6, 30)},
        {"known_at": datetime(2010, 6, 30, 9, 30, tzinfo=UTC), "each": "year"},
    ):
        question = asked(measure=measure, **given)
        assert Question.from_parameters(question.parameters()) == question


def test_months_stand_without_a_gap_and_add_up() -> None:
    counts = {
        Place("2010-02", "", "female"): 3,
        Place("2010-02", "", "male"): 1,
        Place("2010-04", "", "male"): 2,
        Place("2010-05", "", "unknown"): 1,
    }
    shown = arranged(asked(columns="gender", each="month", first=date(2010, 1, 31), as_of=date(2010, 6, 1)), counts)
    assert shown.columns == ("female", "male", "unknown")
    assert [(line.time, *line.counts) for line in shown.lines] == [
        ("2010-01", 0, 0, 0),
        ("2010-02", 3, 1, 0),
        ("2010-03", 0, 0, 0),
        ("2010-04", 0, 2, 0),
        ("2010-05", 0, 0, 1),
        ("2010-06", 0, 0, 0),
    ]
    assert shown.total == Line("", "", (3, 3, 1))
    assert shown.size == 18


def test_a_first_day_long_before_anything_makes_no_thousand_lines() -> None:
    counts = {Place("2010-11"): 3, Place("2010-12"): 1}
    shown = arranged(asked(each="month", first=date(1, 1, 1)), counts)
    assert [line.time for line in shown.lines] == ["2010-11", "2010-12"]
    years = arranged(asked(each="year", measure="sessions", first=date(1999, 1, 1)), {Place("2009"): 1})
    assert [line.time for line in years.lines][:2] == ["1999", "2000"]
    assert years.lines[-1].time == "2010"


def test_years_of_persons_are_not_added_up() -> None:
    counts = {Place("2009"): 2, Place("2010"): 2, Place("all"): 3}
    shown = arranged(asked(each="year"), counts)
    assert [(line.time, line.total) for line in shown.lines] == [("2009", 2), ("2010", 2), ("all", 3)]
    assert shown.total is None


def test_what_has_many_values_begins_with_the_most_and_ends_with_whom_nobody_knows() -> None:
    counts = {Place(row="02"): 1, Place(row="10"): 5, Place(row="unknown"): 9, Place(row="01"): 1}
    shown = arranged(asked(rows="occupation"), counts)
    assert [line.row for line in shown.lines] == ["10", "01", "02", "unknown"]
    by_step = arranged(asked(measure="retention_due", rows="step"), {Place(row=one): 1 for one in ("12m", "1m", "3m")})
    assert [line.row for line in by_step.lines] == ["1m", "3m", "12m"]


def test_each_count_that_differs_is_told_whichever_of_both_has_it() -> None:
    kept = {Place(row="female"): 3, Place(row="male"): 1}
    now = {Place(row="female"): 3, Place(row="unknown"): 2}
    assert differences(asked(rows="gender"), kept, now) == [
        Difference(Place(row="male"), 1, 0),
        Difference(Place(row="unknown"), 0, 2),
    ]
    assert differences(asked(rows="gender"), kept, {**kept}) == []
