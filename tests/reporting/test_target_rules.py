"""Which targets can be set."""

from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest

from chassis.batch.decisions import Accepted, Actor, Now, Refused
from chassis.problems import DATE_IN_FUTURE
from contracts.reports import TargetSet
from contracts.targets import TARGET_MEASURES, TargetCount, TargetGroup, TargetPercentage, is_percentage
from services.reporting.figures.rows import MEASURES
from services.reporting.targets.commands import SetTarget, TargetForm
from services.reporting.targets.model import COUNTS, PERCENTAGES, Target, TargetKey
from services.reporting.targets.progress import GROUPS
from services.reporting.targets.rules import IMPOSSIBLE_VALUE, NOT_OF_PERSONS, SET_LATER, set_target

NOW = Now(datetime(2011, 1, 27, 3, tzinfo=UTC), date(2011, 1, 27), Actor("manager", "m-1"))


def decide(target: Target | None = None, **changes: Any) -> Accepted | Refused:
    form = TargetForm.model_validate({"year": 2011, "measure": "placed", "value": 12000, **changes})
    decision = set_target(target, SetTarget(form), NOW)
    assert isinstance(decision, Accepted | Refused)
    return decision


def accepted(target: Target | None = None, **changes: Any) -> tuple[Target, TargetSet, Any]:
    decision = decide(target, **changes)
    assert isinstance(decision, Accepted)
    (state,), (event,) = decision.states, decision.events
    assert isinstance(event, TargetSet)
    return state, event, decision.answer


def test_a_target_is_set_for_all_or_for_a_programme_and_a_group() -> None:
    target, event, answer = accepted(group="residents", programme="sos_care")
    assert target.key == TargetKey(2011, "placed", "sos_care", "residents")
    assert (event.key, event.value, event.programme, event.group) == ("placed", 12000, "sos_care", "residents")
    assert (event.occurred_on, event.rule, event.actor.id) == (NOW.day, "set_target", "m-1")
    assert answer == {
        "year": 2011, "measure": "placed", "value": 12000, "programme": "sos_care", "group": "residents",
        "replaced": None,
    }  # fmt: skip


def test_set_again_the_newest_value_holds_and_those_before_stay() -> None:
    first, _, _ = accepted(occurred_on="2011-01-03")
    second, event, answer = accepted(first, value=13000)
    assert [(value.value, value.occurred_on.day) for value in second.values] == [(12000, 3), (13000, 27)]
    assert (second.present.value, event.value, answer["replaced"]) == (13000, 13000, 12000)


def test_a_value_set_earlier_than_the_one_that_holds_is_refused() -> None:
    target, _, _ = accepted(occurred_on="2011-01-20")
    refused = decide(target, occurred_on="2011-01-19")
    assert isinstance(refused, Refused)
    assert (refused.problem, refused.field) == (SET_LATER, "occurred_on")
    assert isinstance(decide(target, occurred_on="2011-01-20"), Accepted)


@pytest.mark.parametrize(
    ("changes", "problem", "field"),
    [
        ({"occurred_on": "2011-01-28"}, DATE_IN_FUTURE, "occurred_on"),
        ({"value": 1.5}, IMPOSSIBLE_VALUE, "value"),
        ({"measure": "placement_rate_percent", "value": 100.1}, IMPOSSIBLE_VALUE, "value"),
        ({"measure": "placement_rate_percent", "value": 49.33}, IMPOSSIBLE_VALUE, "value"),
        ({"measure": "employers", "group": "residents"}, NOT_OF_PERSONS, "group"),
        ({"measure": "vacancies", "programme": "sos_care"}, NOT_OF_PERSONS, "programme"),
    ],
)
def test_what_can_not_be_is_refused(changes: dict[str, Any], problem: Any, field: str) -> None:
    refused = decide(**changes)
    assert isinstance(refused, Refused)
    assert (refused.problem, refused.field) == (problem, field)


@pytest.mark.parametrize("value", [0, 71, 71.0, 71.3, 100])
def test_a_percentage_has_one_decimal_at_most(value: float) -> None:
    _, event, answer = accepted(measure="internship_conversion_percent", value=value)
    assert event.value == answer["value"] == value


def test_every_measure_and_every_group_is_counted() -> None:
    assert set(COUNTS) == set(get_args(TargetCount))
    assert set(PERCENTAGES) == set(get_args(TargetPercentage))
    assert set(GROUPS) == set(get_args(TargetGroup))
    assert {counts.measure for counts in COUNTS.values()} <= set(MEASURES)
    assert {measure for measure in TARGET_MEASURES if is_percentage(measure)} == set(PERCENTAGES)
