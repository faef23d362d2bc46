"""A person's story, on the real stack."""

from datetime import timedelta

from contracts.codes import FollowUpStep
from contracts.followups import EmploymentEnded, FollowUpDue, FollowUpMade
from services.followup.contacts.working_days import due_on, working_day_from
from tests.followup.care import Care


async def test_a_woman_who_stays_a_month_is_reached_at_the_second_try_leaves_in_spring_and_is_left_in_peace(
    care: Care,
) -> None:
    placed_on = working_day_from(care.today() + timedelta(days=1))
    care.move_to(placed_on)
    placement = await care.place(placed_on)

    def day(step: FollowUpStep) -> str:
        return due_on(placed_on, step).isoformat()

    # After a week: she is content.
    care.move_to(due_on(placed_on, "1w"))
    await care.is_now(placement, _1w="due", _1m="planned")
    contacts = await care.contacts_of(placement)
    assert care.calling.get("followup", f"/contacts/{contacts['1w'][0]}").json == {
        "contact_id": contacts["1w"][0],
        "placement_id": str(placement.placement_id),
        "seeker_id": str(placement.seeker_id),
        "step": "1w",
        "due_on": day("1w"),
        "status": "due",
        "attempts": 0,
    }
    assert care.outcome(contacts["1w"][0], outcome="still_employed", satisfaction=5).json == {
        "contact_id": contacts["1w"][0],
        "status": "made",
        "attempts": 1,
    }

    # After a month: nobody answers, then she does.
    care.move_to(due_on(placed_on, "1m"))
    await care.is_now(placement, _1m="due")
    assert care.outcome(contacts["1m"][0], outcome="not_reached").json["status"] == "due"
    assert care.outcome(contacts["1m"][0], outcome="still_employed", satisfaction=4).json["attempts"] == 2

    # After three months: she left the week before.
    last_day = due_on(placed_on, "3m") - timedelta(days=7)
    care.move_to(due_on(placed_on, "3m"))
    await care.is_now(placement, _3m="due")
    left = care.outcome(contacts["3m"][0], outcome="left", reason="resigned", ended_on=last_day)
    assert (left.status, left.json["status"]) == (200, "made")

    # A year later nobody has called again.
    care.move_to(due_on(placed_on, "12m") + timedelta(days=7))
    events = await care.events_of(placement)
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
    assert await care.statuses_of(placement) == {
        "1w": "made",
        "1m": "made",
        "3m": "made",
        "6m": "cancelled",
        "12m": "cancelled",
    }
    assert all(event.person == placement.person for event in events)
    assert events[-1].reason == "resigned"
