"""Contacts over HTTP and from events, on the real stack."""

import time
import uuid
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
import uuid_utils.compat as uuids

from chassis.batch.clock import SEOUL
from contracts.followups import EmploymentEnded, FollowUpDue, FollowUpMade
from services.followup.contacts.working_days import due_on, working_day_from
from tests.followup.care import Care
from tests.kit.events import corrected, placed, somebody
from tests.kit.threads import at_once
from tests.kit.waiting import until


def _written(care: Care) -> list[int]:
    tables = ("employment", "contact", "outbox_sequence", "idempotency")
    return [care.calling.query("followup", f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in tables]


def test_a_placement_recorded_late_is_announced_at_once_and_on_its_days(care: Care) -> None:
    placed_on = care.today() - timedelta(days=100)
    placement = care.place(placed_on)
    events = care.events_of(placement)
    steps = ("1w", "1m", "3m")
    assert [(type(event), event.step, event.occurred_on) for event in events] == [
        (FollowUpDue, step, due_on(placed_on, step)) for step in steps if due_on(placed_on, step) <= care.today()
    ]
    assert {event.recorded_at.astimezone(SEOUL).date() for event in events} == {care.today()}


def test_an_event_that_arrives_twice_plans_once(care: Care) -> None:
    placement = placed(somebody(), care.today())
    same = uuids.uuid7()
    care.publish([placement, placement, placement], ids=[same, same, uuids.uuid7()])
    until(lambda: care.contacts_of(placement), "the contacts are planned")
    care.settled()
    assert len(care.contacts_of(placement)) == 5


def test_a_corrected_placement_is_not_followed_up(care: Care) -> None:
    placement = care.place(care.today() - timedelta(days=10))
    care.publish([corrected(placement, care.today())])
    care.is_now(placement, _1w="cancelled", _12m="cancelled")
    contacts = care.contacts_of(placement)
    refused = care.outcome(contacts["1w"][0], outcome="not_reached")
    assert refused.problem == (409, "contact-cancelled", ["contact_id"])
    refused = care.ending(placement.placement_id, reason="other")
    assert refused.problem == (409, "placement-corrected", ["placement_id"])
    care.move_to(due_on(care.today(), "1m"))
    assert [type(event) for event in care.events_of(placement)] == [FollowUpDue]


def test_an_ending_that_is_learned_otherwise_is_published_once(care: Care) -> None:
    placed_on = care.today()
    placement = care.place(placed_on)
    care.move_to(placed_on + timedelta(days=3))
    ended_on = placed_on + timedelta(days=2)
    key = str(uuid.uuid4())
    path = f"/placements/{placement.placement_id}/ending"
    form = {"reason": "firm_closed", "occurred_on": ended_on}
    first = care.calling.post("followup", path, form, key=key)
    assert (first.status, first.json) == (
        200,
        {"placement_id": str(placement.placement_id), "ended_on": ended_on.isoformat()},
    )
    assert care.calling.post("followup", path, form, key=key).json == first.json
    again = care.ending(placement.placement_id, reason="resigned")
    assert again.problem == (409, "employment-already-ended", ["placement_id"])
    care.move_to(due_on(placed_on, "1m"))
    (event,) = care.events_of(placement)
    assert isinstance(event, EmploymentEnded)
    assert (event.occurred_on, event.reason, event.key) == (ended_on, "firm_closed", str(placement.seeker_id))


def test_of_many_who_report_the_same_end_at_once_one_is_heard(care: Care) -> None:
    placement = care.place(care.today() - timedelta(days=40))
    contacts = care.contacts_of(placement)
    replies = at_once(
        *[partial(care.ending, placement.placement_id, reason="other")] * 6,
        *[partial(care.outcome, contacts[step][0], outcome="left", reason="other") for step in ("1w", "1m")] * 3,
    )
    assert {reply.status for reply in replies} == {200, 409}
    kinds = [type(event) for event in care.events_of(placement)]
    assert (kinds.count(FollowUpMade), kinds.count(EmploymentEnded), kinds.count(FollowUpDue)) == (2, 1, 2)


def test_the_list_of_what_is_due_is_read_page_by_page(care: Care) -> None:
    today = care.today()
    placements = [placed(somebody(), today - timedelta(days=days)) for days in range(8, 28)]
    care.publish(placements)
    for placement in placements:
        care.is_now(placement, _1w="due")
    found: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next": ""}
    while page["next"] is not None:
        after = f"&after={page['next']}" if found else ""
        page = care.calling.get("followup", f"/contacts?status=due&limit={7 if len(found) < 21 else 499}{after}").json
        found += page["contacts"]
    assert {str(placement.placement_id) for placement in placements} <= {one["placement_id"] for one in found}
    places = [(one["due_on"], one["contact_id"]) for one in found]
    assert places == sorted(set(places))
    assert {one["status"] for one in found} == {"due"}
    due = care.calling.query("followup", "SELECT count(*) AS n FROM contact WHERE status = 'due'")
    assert len(found) == due[0]["n"]
    assert care.calling.get("followup", "/contacts?limit=7").json["contacts"] == found[:7]
    planned = care.calling.get("followup", "/contacts?status=planned&limit=3").json["contacts"]
    assert [one["status"] for one in planned] == ["planned"] * 3


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=many", "limit"),
        ("status=late", "status"),
        ("after=yesterday", "after"),
        ("after=2009-03-10_12", "after"),
    ],
)
def test_a_list_is_refused_for(care: Care, query: str, field: str) -> None:
    assert care.calling.get("followup", f"/contacts?{query}").problem == (422, "invalid-request", [field])


OUTCOMES: dict[str, tuple[dict[str, Any], tuple[int, str, list[str]]]] = {
    "an unknown outcome": ({"outcome": "moved"}, (422, "invalid-request", ["outcome"])),
    "no outcome": ({}, (422, "invalid-request", ["outcome"])),
    "an unknown field": ({"outcome": "not_reached", "note": "call later"}, (422, "invalid-request", ["note"])),
    "a score of 6": ({"outcome": "changed_job", "satisfaction": 6}, (422, "invalid-request", ["satisfaction"])),
    "a score of 0": ({"outcome": "changed_job", "satisfaction": 0}, (422, "invalid-request", ["satisfaction"])),
    "an unknown reason": ({"outcome": "left", "reason": "bored"}, (422, "invalid-request", ["reason"])),
    "no reason": ({"outcome": "left"}, (422, "end-needs-reason", ["reason"])),
    "a score of nobody": ({"outcome": "not_reached", "satisfaction": 1}, (422, "nobody-reached", ["satisfaction"])),
    "a day to come": (
        {"outcome": "not_reached", "occurred_on": "2999-01-01"},
        (422, "date-in-future", ["occurred_on"]),
    ),
    "a day that does not exist": (
        {"outcome": "not_reached", "occurred_on": "2009-02-29"},
        (422, "invalid-request", ["occurred_on"]),
    ),
    "a day before it was due": (
        {"outcome": "not_reached", "occurred_on": "2000-01-03"},
        (409, "contact-not-due", ["occurred_on"]),
    ),
    "a last day to come": (
        {"outcome": "left", "reason": "other", "ended_on": "2999-01-01"},
        (422, "ended-after-contact", ["ended_on"]),
    ),
    "a last day before the placement": (
        {"outcome": "left", "reason": "other", "ended_on": "2000-01-03"},
        (422, "before-placement", ["ended_on"]),
    ),
}


@pytest.mark.parametrize(("form", "refused"), OUTCOMES.values(), ids=OUTCOMES.keys())
def test_an_outcome_is_refused_for(care: Care, form: dict[str, Any], refused: tuple[int, str, list[str]]) -> None:
    placement = care.place(care.today() - timedelta(days=10))
    care.settled()
    contacts = care.contacts_of(placement)
    before = _written(care)
    assert care.outcome(contacts["1w"][0], **form).problem == refused
    assert _written(care) == before
    assert care.statuses_of(placement)["1w"] == "due"


def test_a_contact_is_not_made_before_its_day_and_not_twice(care: Care) -> None:
    placed_on = working_day_from(care.today())
    care.move_to(placed_on)
    placement = care.place(placed_on)
    contacts = care.contacts_of(placement)
    care.move_to(due_on(placed_on, "1w") - timedelta(days=1))
    early = care.outcome(contacts["1w"][0], outcome="still_employed")
    assert early.problem == (409, "contact-not-due", ["contact_id"])
    care.move_to(due_on(placed_on, "1w"))
    assert care.outcome(contacts["1w"][0], outcome="still_employed").status == 200
    twice = care.outcome(contacts["1w"][0], outcome="still_employed")
    assert twice.problem == (409, "contact-already-made", ["contact_id"])
    kinds = [type(event) for event in care.events_of(placement)]
    assert kinds == [FollowUpDue, FollowUpMade]


@pytest.mark.parametrize("role", ["employer", "partner", "operator", "analyst", "evaluator"])
def test_only_the_centres_staff_works_contacts(care: Care, role: Any) -> None:
    unknown = uuid.uuid4()
    employments = (f"/placements/{unknown}/employment", f"/seekers/{unknown}/employments")
    for path in ("/contacts", f"/contacts/{unknown}", *employments):
        assert care.calling.get("followup", path, role=role).status == 403
    assert care.calling.post("followup", f"/contacts/{unknown}/outcome", {"outcome": "left"}, role=role).status == 403
    assert care.calling.post("followup", f"/placements/{unknown}/ending", {"reason": "other"}, role=role).status == 403


def test_a_contact_that_nobody_planned_is_unknown(care: Care) -> None:
    unknown = uuid.uuid4()
    assert care.calling.get("followup", f"/contacts/{unknown}").problem == (404, "unknown-id", ["contact_id"])
    assert care.outcome(str(unknown), outcome="not_reached").problem == (404, "unknown-id", ["contact_id"])
    assert care.calling.get("followup", "/contacts/12").problem == (422, "invalid-request", ["contact_id"])
    unheard_of = care.calling.get("followup", f"/placements/{unknown}/employment")
    assert unheard_of.problem == (404, "unknown-id", ["placement_id"])
    assert care.calling.get("followup", f"/seekers/{unknown}/employments").json["employments"] == []


def test_a_placement_not_heard_of_yet_is_not_unknown_until_all_is_read_past_its_birth(care: Care) -> None:
    young = uuids.uuid7()
    reply = care.ending(young, reason="other")
    assert reply.problem == (409, "not-yet-known", ["placement_id"])
    assert reply.headers["retry-after"]
    # no UUIDv7, so never given out
    assert care.ending(uuid.uuid4(), reason="other").problem == (404, "unknown-id", ["placement_id"])

    # every partition of the topic is read past an hour ago
    placements = [placed(somebody(), care.today()) for _ in range(100)]
    care.publish(placements)
    for placement in placements:
        until(lambda placement=placement: care.contacts_of(placement), "the contacts are planned")
    hour_ago = uuid.UUID(int=(int(time.time() * 1000) - 3_600_000) << 80 | 7 << 76 | 2 << 62 | 1)
    assert care.ending(hour_ago, reason="other").problem == (404, "unknown-id", ["placement_id"])
    assert care.ending(young, reason="other").problem == (409, "not-yet-known", ["placement_id"])


def test_an_ending_asked_before_its_placement_arrives_succeeds_when_repeated(care: Care) -> None:
    placement = placed(somebody(), care.today())
    key = str(uuid.uuid4())
    path = f"/placements/{placement.placement_id}/ending"
    assert care.calling.post("followup", path, {"reason": "other"}, key=key).status == 409
    care.publish([placement])

    until(
        lambda: care.calling.post("followup", path, {"reason": "other"}, key=key),
        "the placement has arrived",
        lambda reply: reply.status == 200,
    )
    assert [type(event) for event in care.events_of(placement)] == [EmploymentEnded]


def test_an_event_that_says_nothing_true_is_set_aside(care: Care) -> None:
    def dead() -> int:
        return care.calling.get("followup", "/status", role="operator").json["dead_letters"]["dead"]

    before = dead()
    care.publish([placed(somebody(), date(9999, 12, 31))])
    until(dead, "the event is set aside", lambda count: count == before + 1)
    letters = care.calling.get("followup", "/dead-letters", role="operator").json["letters"]
    reply = care.calling.post("followup", f"/dead-letters/{letters[-1]['id']}/discard", {}, role="operator")
    assert reply.status == 200
