"""Odd plans, each replayed through the four running services on an emptied stack, give their figures exactly."""

import json
from pathlib import Path
from typing import Any

import pytest

from jobplus.replay import run
from jobplus.replay.comparing import compare
from jobplus.replay.planning.model import PlanRefused
from jobplus.replay.planning.plan import parse
from jobplus.stack.errors import StackFailed
from jobplus.stack.local import Stack
from tests.stacks import Stacks

PLANS: dict[str, dict[str, Any]] = {
    "one day with everything": {
        "name": "one-day",
        "from": "2012-02-29",
        "to": "2012-02-29",
        "counsellors": 2,
        "employers": 3,
        "registered": 40,
        "placed": {"total": 25, "by_occupation": {"24": 20}, "by_age_percent": {"55-": 100.0}},
        "sessions": {"job": 300, "startup": 20, "by_channel": {"visit": 300, "call": 20, "online": 0}},
        "referrals": 60,
        "referred": 30,
        "vacancies": 2,
        "launches": 20,
    },
    "everybody placed over a new year": {
        "name": "everybody",
        "from": "2009-12-28",
        "to": "2010-01-06",
        "counsellors": 1,
        "employers": 1,
        "registered": 30,
        "placed": {"total": 30, "by_age_percent": {"-29": 50.0, "30-39": 50.0, "40-54": 0, "55-": 0}},
        "sessions": {"job": 30, "startup": 0},
        "referrals": 30,
        "launches": 0,
    },
    "nobody registered, and one business launched": {
        "name": "nobody",
        "from": "2011-03-06",
        "to": "2011-03-07",
        "counsellors": 1,
        "employers": 0,
        "registered": 0,
        "placed": {"total": 0},
        "sessions": {"job": 0, "startup": 4},
        "referrals": 0,
        "launches": 1,
    },
}


@pytest.fixture(scope="module")
def own_stack(stacks: Stacks) -> Stack:
    return stacks.new("replay")


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS.keys())
def test_a_replay_is_exact_for(own_stack: Stack, plan: dict[str, Any]) -> None:
    parsed = parse(plan)
    try:
        own_stack.up()
        replayed = run.replay(parsed, own_stack, seed=7, scaled=False)
        assert compare.differences(replayed.rows) == []
        assert replayed.figures["registered"] == plan["registered"]
        with pytest.raises(StackFailed, match="holds data already"):
            run.replay(parsed, own_stack, seed=7, scaled=False)
    finally:
        own_stack.down(wipe=True)


def test_a_plan_that_cannot_be_met_is_refused_with_every_reason_and_no_running_stack(tmp_path: Path) -> None:
    plan = {**PLANS["one day with everything"], "registered": 10, "surprise": 1}
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan))
    with pytest.raises(PlanRefused) as refused:
        run.planned(file, run.Fraction(1))
    assert any("surprise" in reason for reason in refused.value.reasons)
    assert any("registered" in reason for reason in refused.value.reasons)
