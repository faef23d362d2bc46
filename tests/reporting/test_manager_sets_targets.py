"""Targets as a manager sets them and everyone reads them: commands over HTTP, events on Kafka.

It runs before the other tests of this stack, whose clock it leaves in the middle of 2010.
"""

from datetime import date, timedelta
from functools import partial

import uuid_utils.compat as uuids

from tests.kit.client import StackClient
from tests.kit.events import placed, registered
from tests.kit.threads import at_once
from tests.kit.topics import Topics
from tests.kit.waiting import until
from tests.reporting.test_running import applied


def test_a_manager_sets_the_years_target_and_raises_it_and_everyone_sees_how_far_it_is(
    calling: StackClient, topics: Topics
) -> None:
    """The centre has placed one person a day since May; the city wants 100 in the year, and then 400."""
    calling.move_to(date(2010, 6, 30), ["reporting"])
    people = [(uuids.uuid7(), date(2010, 5, 1) + timedelta(days=day)) for day in range(61)]
    before = applied(calling)
    told = topics.publish([event for who, day in people for event in (registered(who, day), placed(who, day))])
    form = {"year": 2010, "measure": "placed", "value": 100, "occurred_on": "2010-01-03"}
    assert calling.post("reporting", "/targets", form, role="counsellor").status == 403
    made = calling.post("reporting", "/targets", form, key="target-1")
    assert (made.status, made.json["replaced"]) == (201, None)
    assert calling.post("reporting", "/targets", form, key="target-1").json == made.json
    assert calling.post("reporting", "/targets", {**form, "measure": "placed.total"}).fields == ["measure"]
    assert calling.post("reporting", "/targets", {**form, "value": 0.5}).fields == ["value"]
    assert calling.post("reporting", "/targets", {**form, "group": "friends"}).fields == ["group"]
    until(
        lambda: applied(calling) - before,
        "all that was told and its own event are in the ledger",
        lambda count: count > len(told),
    )
    (target,) = calling.get("reporting", "/targets", role="counsellor").json
    assert (target["value"], target["reached"], target["on_track"]) == (100, 61, True)
    assert target["pace"] == {"so_far": 10.3, "needed": 6.4}
    assert target["forecast"]["expected"] == 61 + 184
    assert target["forecast"]["low"] < 245 < target["forecast"]["high"]

    raised = calling.post("reporting", "/targets", {**form, "value": 400, "occurred_on": "2010-06-01"}).json
    assert raised == {"year": 2010, "measure": "placed", "value": 400, "replaced": 100}
    refused = calling.post("reporting", "/targets", {**form, "value": 300})
    assert (refused.status, refused.fields) == (409, ["occurred_on"])
    (target,) = calling.get("reporting", "/targets?year=2010").json
    assert ([value["value"] for value in target["values"]], target["on_track"]) == ([100, 400], False)
    (in_may,) = calling.get("reporting", "/targets?as_of=2010-05-31").json
    assert (in_may["value"], in_may["reached"]) == (100, 31)
    assert calling.get("reporting", "/targets?year=2012").json == []

    figures = calling.get("reporting", "/figures?from=2010-01-01", role="analyst").json
    (published,) = figures["targets"]
    assert {name: published[name] for name in ("year", "measure", "value", "reached", "forecast")} == {
        "year": 2010, "measure": "placed", "value": 400, "reached": 61, "forecast": 245,
    }  # fmt: skip
    backtest = calling.get("reporting", "/targets/backtest?year=2010&measure=placed").json
    assert [(month["day"], month["reached"]) for month in backtest["months"]] == [
        (f"2010-{month:02}-{day}", reached)
        for month, day, reached in ((1, 31, 0), (2, 28, 0), (3, 31, 0), (4, 30, 0), (5, 31, 31), (6, 30, 61))
    ]
    assert backtest["came_to"] is None
    assert [month["forecast"] and month["forecast"]["expected"] for month in backtest["months"]][3:] == [None, 245, 245]
    assert calling.get("reporting", "/targets/backtest?year=2010&measure=shoes").fields == ["measure"]
    events = calling.query(
        "reporting", "SELECT key, convert_from(data, 'UTF8')::jsonb ->> 'value' AS value FROM ledger WHERE type = $1 "
        "ORDER BY position", "jobplus.TargetSet",
    )  # fmt: skip
    assert [row["key"] for row in events][:1] == ["placed"]


def test_two_who_set_the_same_target_at_once_both_stand_in_its_history(calling: StackClient) -> None:
    form = {"year": 2014, "measure": "launches"}
    values = list(range(1, 9))
    replies = at_once(*(partial(calling.post, "reporting", "/targets", {**form, "value": value}) for value in values))
    assert {reply.status for reply in replies} == {201}
    (target,) = calling.get("reporting", "/targets?year=2014").json
    assert sorted(value["value"] for value in target["values"]) == values
    assert target["value"] == target["values"][-1]["value"]
