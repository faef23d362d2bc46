"""A person's story, on the real stack."""

from datetime import date, timedelta
from typing import Any

from contracts.codes import FollowUpStep
from contracts.followups import EmploymentEnded, FollowUpDue, FollowUpMade
from services.followup.contacts.working_days import due_on, working_day_from, working_days_after
from tests.followup.care import Care

LATER_STEPS: tuple[FollowUpStep, ...] = ("3m", "6m", "12m")


def _a_try(attempt: int, occurred_on: str, outcome: str, satisfaction: int | None = None) -> dict[str, Any]:
    return {"attempt": attempt, "occurred_on": occurred_on, "outcome": outcome, "satisfaction": satisfaction}


def test_a_woman_who_stays_a_month_is_reached_at_the_second_try_leaves_in_spring_and_is_left_in_peace(
    care: Care,
) -> None:
    placed_on = working_day_from(care.today() + timedelta(days=1))
    care.move_to(placed_on)
    placement = care.place(placed_on)

    def day(step: FollowUpStep) -> str:
        return due_on(placed_on, step).isoformat()

    # After a week: she is content.
    care.move_to(due_on(placed_on, "1w"))
    care.is_now(placement, _1w="due", _1m="planned")
    contacts = care.contacts_of(placement)
    assert care.calling.get("followup", f"/contacts/{contacts['1w'][0]}").json == {
        "contact_id": contacts["1w"][0],
        "placement_id": str(placement.placement_id),
        "seeker_id": str(placement.seeker_id),
        "step": "1w",
        "due_on": day("1w"),
        "status": "due",
        "attempts": 0,
        "try_on": None,
        "tries": [],
    }
    assert care.outcome(contacts["1w"][0], outcome="still_employed", satisfaction=5).json == {
        "contact_id": contacts["1w"][0],
        "status": "made",
        "attempts": 1,
    }

    # After a month: nobody answers, then she does.
    care.move_to(due_on(placed_on, "1m"))
    care.is_now(placement, _1m="due")
    assert care.outcome(contacts["1m"][0], outcome="not_reached").json["status"] == "due"
    assert care.outcome(contacts["1m"][0], outcome="still_employed", satisfaction=4).json["attempts"] == 2

    # After three months: she left the week before.
    last_day = due_on(placed_on, "3m") - timedelta(days=7)
    care.move_to(due_on(placed_on, "3m"))
    care.is_now(placement, _3m="due")
    left = care.outcome(contacts["3m"][0], outcome="left", reason="resigned", ended_on=last_day)
    assert (left.status, left.json["status"]) == (200, "made")

    # Whoever looks her up sees all that she told.
    told = care.calling.get("followup", f"/placements/{placement.placement_id}/employment").json
    assert {contact["step"]: contact["tries"] for contact in told.pop("contacts")} == {
        "1w": [_a_try(1, day("1w"), "still_employed", 5)],
        "1m": [_a_try(1, day("1m"), "not_reached"), _a_try(2, day("1m"), "still_employed", 4)],
        "3m": [_a_try(1, day("3m"), "left")],
        "6m": [],
        "12m": [],
    }
    assert told == {
        "placement_id": str(placement.placement_id),
        "seeker_id": str(placement.seeker_id),
        "placed_on": placed_on.isoformat(),
        "source": "referral",
        "occupation": "02",
        "sector": "private",
        "employment": "permanent",
        "ended_on": last_day.isoformat(),
        "end_reason": "resigned",
        "changed_job": False,
        "next_ended_on": None,
        "next_end_reason": None,
        "corrected": False,
    }

    # A year later nobody has called again.
    care.move_to(due_on(placed_on, "12m") + timedelta(days=7))
    events = care.events_of(placement)
    assert [(type(event), event.occurred_on.isoformat()) for event in events] == [
        (FollowUpDue, day("1w")),
        (FollowUpMade, day("1w")),
        (FollowUpDue, day("1m")),
        (FollowUpMade, day("1m")),
        (FollowUpMade, day("1m")),
        (FollowUpDue, day("3m")),
        (FollowUpMade, day("3m")),
        (EmploymentEnded, last_day.isoformat()),
    ]
    assert care.statuses_of(placement) == {
        "1w": "made",
        "1m": "made",
        "3m": "made",
        "6m": "cancelled",
        "12m": "cancelled",
    }
    assert all(event.person == placement.person for event in events)
    assert events[-1].reason == "resigned"


def test_a_man_who_is_called_three_times_in_vain_calls_back_and_then_goes_over_to_another_firm(
    care: Care,
) -> None:
    placed_on = working_day_from(care.today() + timedelta(days=1))
    care.move_to(placed_on)
    placement = care.place(placed_on)

    def is_listed() -> bool:
        """Look through all pages: other tests' contacts are due on this clock, too."""
        listed, after = set[str](), ""
        while True:
            page = care.calling.get("followup", f"/contacts?limit=500{after}").json
            listed |= {contact["contact_id"] for contact in page["contacts"]}
            if page["next"] is None:
                return week in listed
            after = f"&after={page['next']}"

    # After a week nobody answers, nor three working days later, nor after three more.
    care.move_to(due_on(placed_on, "1w"))
    care.is_now(placement, _1w="due")
    week = care.contacts_of(placement)["1w"][0]
    for attempt in (1, 2, 3):
        assert is_listed()
        assert care.outcome(week, outcome="not_reached").json["attempts"] == attempt
        assert not is_listed()
        next_try = care.calling.get("followup", f"/contacts/{week}").json["try_on"]
        if attempt < 3:
            assert next_try == working_days_after(care.today(), 3).isoformat()
            care.move_to(date.fromisoformat(next_try))
    given_up = care.calling.get("followup", f"/contacts/{week}").json
    assert (given_up["status"], given_up["try_on"]) == ("given_up", None)
    assert care.outcome(week, outcome="not_reached").json["type"].endswith("contact-given-up")

    # He calls back the day after: all is well.
    care.move_to(care.today() + timedelta(days=1))
    assert care.outcome(week, outcome="still_employed", satisfaction=3).json["status"] == "made"

    # After a month he tells that he starts at another firm.
    care.move_to(due_on(placed_on, "1m"))
    care.is_now(placement, _1m="due")
    month = care.contacts_of(placement)["1m"][0]
    assert care.outcome(month, outcome="changed_job").json["status"] == "made"
    changed_on = care.today()

    # In spring that firm closes, and he looks for work again.
    care.move_to(due_on(placed_on, "3m"))
    too_early = care.ending(placement.placement_id, reason="firm_closed", occurred_on=changed_on - timedelta(days=1))
    assert too_early.json["type"].endswith("before-job-change")
    assert care.ending(placement.placement_id, reason="firm_closed").status == 200
    assert care.ending(placement.placement_id, reason="other").json["type"].endswith("employment-already-ended")
    (told,) = care.calling.get("followup", f"/seekers/{placement.seeker_id}/employments").json["employments"]
    assert [told[name] for name in ("ended_on", "end_reason", "changed_job", "next_ended_on", "next_end_reason")] == [
        changed_on.isoformat(),
        "resigned",
        False,
        care.today().isoformat(),
        "firm_closed",
    ]
    assert [one["outcome"] for one in care.calling.get("followup", f"/contacts/{week}").json["tries"]] == [
        "not_reached",
        "not_reached",
        "not_reached",
        "still_employed",
    ]

    events = care.events_of(placement)
    assert [(type(event), getattr(event, "given_up", None)) for event in events] == [
        (FollowUpDue, None),
        (FollowUpMade, False),
        (FollowUpMade, False),
        (FollowUpMade, True),
        (FollowUpMade, False),
        (FollowUpDue, None),
        (FollowUpMade, False),
        (EmploymentEnded, None),
        (EmploymentEnded, None),
    ]
    last = events.pop()
    assert (last.changed_job, last.reason, last.unasked) == (False, "firm_closed", ())
    assert (events[-1].changed_job, events[-1].source) == (True, placement.source)
    assert {one.step: one.due_on for one in events[-1].unasked} == {
        step: due_on(placed_on, step) for step in LATER_STEPS
    }
    assert set(care.statuses_of(placement).values()) == {"made", "cancelled"}
