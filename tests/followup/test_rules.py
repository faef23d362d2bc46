"""What each contact rule decides, without a database."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.batch.decisions import Accepted, Actor, Now, Refused, Unknown
from contracts.cases import Placed
from contracts.followups import EmploymentEnded, FollowUpDue, FollowUpMade
from contracts.topics import CASES
from services.followup.contacts import rules
from services.followup.contacts.commands import (
    AnnounceContacts,
    CancelContacts,
    ContactRow,
    EndEmployment,
    EndingForm,
    OutcomeForm,
    PlanContacts,
    RecordContact,
    RecordStep,
)
from services.followup.contacts.model import Contact, Employment, Try, contact_id
from tests.followup.states import unmerged
from tests.kit.events import placed, somebody

PLACED_ON = date(2009, 3, 3)
FIRST_DUE = date(2009, 3, 10)
COUNSELLOR = Actor("counsellor", "c-1")


def on(day: date) -> Now:
    return Now(datetime(day.year, day.month, day.day, 1, tzinfo=UTC), day, COUNSELLOR)


def planned(placement: Placed | None = None, day: date = PLACED_ON) -> Employment:
    placement = placement or placed(somebody(), PLACED_ON)
    command = PlanContacts(placement, ("1w", "1m", "3m", "6m", "12m"))
    decision = rules.plan(None, None, unmerged(placement), command, on(day))
    assert isinstance(decision, Accepted)
    (employment,) = decision.states
    return employment


def first(employment: Employment) -> Contact:
    return employment.contacts[0]


def recorded(employment: Employment, day: date, **form: Any) -> Accepted | Refused:
    command = RecordContact(first(employment).contact_id, OutcomeForm(**form))
    decision = rules.record(employment, command, on(day))
    assert not isinstance(decision, Unknown)
    return decision


def after(decision: Any) -> Employment:
    assert isinstance(decision, Accepted), decision
    (employment,) = (state for state in decision.states if isinstance(state, Employment))
    return employment


def done(decision: Any) -> tuple[Any, ...]:
    assert isinstance(decision, Accepted), decision
    return decision.effects


def refusal(decision: Any) -> tuple[str, str | None]:
    assert isinstance(decision, Refused), decision
    return decision.problem.code, decision.field


def published(decision: Any) -> list[Any]:
    assert isinstance(decision, Accepted), decision
    return list(decision.events)


def ended(employment: Employment, day: date, occurred_on: date | None = None) -> Any:
    form = EndingForm(reason="resigned", occurred_on=occurred_on)
    return rules.end(employment, EndEmployment(employment.placement_id, form), on(day))


def statuses(employment: Employment) -> list[str]:
    return [contact.status for contact in employment.contacts]


def test_a_placement_read_again_plans_nothing_more() -> None:
    placement = placed(somebody(), PLACED_ON)
    employment = planned(placement)
    command = PlanContacts(placement, ("1w",))
    assert rules.plan(employment, None, unmerged(placement), command, on(PLACED_ON)) == Accepted()
    assert planned(placement) == employment


def test_contact_ids_are_as_old_as_the_placement_and_each_its_own() -> None:
    placement = placed(somebody(), PLACED_ON)
    ids = [contact_id(placement.placement_id, step) for step in ("1w", "1m", "3m", "6m", "12m")]
    assert len(set(ids)) == 5
    assert {(one.version, one.variant, one.int >> 80) for one in ids} == {
        (7, "specified in RFC 4122", placement.placement_id.int >> 80)
    }


def test_contacts_of_a_placement_recorded_late_are_announced_at_once_on_their_days() -> None:
    placement = placed(somebody(), PLACED_ON)
    command = PlanContacts(placement, ("1w", "1m", "3m"))
    decision = rules.plan(None, None, unmerged(placement), command, on(date(2009, 4, 3)))
    assert [(type(event), event.occurred_on) for event in published(decision)] == [
        (FollowUpDue, FIRST_DUE),
        (FollowUpDue, date(2009, 4, 3)),
    ]
    assert statuses(after(decision)) == ["due", "due", "planned"]


def test_a_contact_is_announced_on_its_day_by_the_day_itself_and_never_again() -> None:
    employment = planned()
    assert rules.announce(employment, AnnounceContacts(employment.placement_id), on(date(2009, 3, 9))) == Accepted()
    decision = rules.announce(employment, AnnounceContacts(employment.placement_id), on(FIRST_DUE))
    assert isinstance(decision, Accepted)
    (due,) = decision.events
    assert isinstance(due, FollowUpDue)
    assert (due.step, due.due_on, due.actor.role) == ("1w", FIRST_DUE, "system")
    again = rules.announce(after(decision), AnnounceContacts(employment.placement_id), on(FIRST_DUE))
    assert again == Accepted()


def test_a_contact_recorded_before_the_day_was_looked_at_is_announced_first() -> None:
    decision = recorded(planned(), FIRST_DUE, outcome="still_employed", satisfaction=5)
    assert [type(event) for event in published(decision)] == [FollowUpDue, FollowUpMade]
    assert [event.actor.role for event in published(decision)] == ["system", "counsellor"]
    assert statuses(after(decision)) == ["made", "planned", "planned", "planned", "planned"]


def test_who_was_not_reached_is_tried_again_until_someone_reaches_them() -> None:
    employment = after(recorded(planned(), FIRST_DUE, outcome="not_reached"))
    employment = after(recorded(employment, FIRST_DUE, outcome="not_reached"))
    decision = recorded(employment, FIRST_DUE, outcome="still_employed")
    assert isinstance(decision, Accepted)
    (made,) = decision.events
    assert isinstance(made, FollowUpMade)
    assert (made.attempt, decision.answer["status"]) == (3, "made")
    assert refusal(recorded(after(decision), FIRST_DUE, outcome="not_reached")) == (
        "contact-already-made",
        "contact_id",
    )


def test_a_try_in_vain_is_followed_by_the_next_after_three_working_days_and_the_third_by_none() -> None:
    friday = date(2009, 3, 13)
    employment = after(recorded(planned(), friday, outcome="not_reached"))
    assert (first(employment).status, first(employment).try_on) == ("due", date(2009, 3, 18))
    employment = after(recorded(employment, date(2009, 3, 18), outcome="not_reached"))
    decision = recorded(employment, date(2009, 3, 23), outcome="not_reached")
    assert [(event.attempt, event.given_up) for event in published(decision)] == [(3, True)]
    given_up = first(after(decision))
    assert (given_up.status, given_up.attempts, given_up.try_on) == ("given_up", 3, None)
    again = recorded(after(decision), date(2009, 3, 24), outcome="not_reached")
    assert refusal(again) == ("contact-given-up", "contact_id")


def test_who_calls_back_after_a_contact_was_given_up_was_reached_all_the_same() -> None:
    employment = planned()
    for _ in range(3):
        employment = after(recorded(employment, FIRST_DUE, outcome="not_reached"))
    decision = recorded(employment, date(2009, 3, 25), outcome="still_employed")
    assert first(after(decision)).status == "made"
    assert [event.attempt for event in published(decision)] == [4]


def test_a_given_up_contact_of_a_placement_that_never_was_is_cancelled() -> None:
    employment = planned()
    for _ in range(3):
        employment = after(recorded(employment, FIRST_DUE, outcome="not_reached"))
    employment = after(rules.cancel(employment, CancelContacts(employment.placement_id), on(FIRST_DUE)))
    assert refusal(recorded(employment, FIRST_DUE, outcome="left", reason="other")) == (
        "contact-cancelled",
        "contact_id",
    )


def test_who_changed_the_job_ends_the_employment_and_the_event_says_so() -> None:
    decision = recorded(planned(), FIRST_DUE, outcome="changed_job", ended_on=date(2009, 3, 6), satisfaction=4)
    due, made, event = published(decision)
    assert (due.source, made.outcome, event.source) == ("referral", "changed_job", "referral")
    assert (event.occurred_on, event.changed_job, event.reason) == (date(2009, 3, 6), True, "resigned")
    assert [one.step for one in event.unasked] == ["1m", "3m", "6m", "12m"]
    assert event.unasked[0].due_on == date(2009, 4, 3)
    assert after(decision).ended_on == date(2009, 3, 6)


def test_who_changed_the_job_and_then_left_the_next_is_back_whoever_heard_of_it() -> None:
    command = EndEmployment(planned().placement_id, EndingForm(reason="resigned", changed_job=True))
    changed = rules.end(planned(), command, on(FIRST_DUE))
    assert isinstance(changed, Accepted)
    employment = after(changed)
    too_early = recorded(employment, FIRST_DUE, outcome="left", reason="resigned", ended_on=PLACED_ON)
    assert isinstance(too_early, Refused)
    assert (too_early.problem, too_early.field) == (rules.BEFORE_CHANGE, "ended_on")
    left = recorded(employment, date(2009, 6, 1), outcome="left", reason="firm_closed")
    assert isinstance(left, Accepted)
    ended = left.events[-1]
    assert isinstance(ended, EmploymentEnded)
    assert (ended.occurred_on, ended.reason, ended.changed_job) == (date(2009, 6, 1), "firm_closed", False)


def test_of_who_changed_the_job_the_end_of_the_next_is_noted_once_and_not_before_the_change() -> None:
    employment = after(recorded(planned(), FIRST_DUE, outcome="changed_job"))
    assert refusal(ended(employment, date(2009, 5, 4), date(2009, 3, 9))) == ("before-job-change", "occurred_on")
    again = EndingForm(reason="other", changed_job=True)
    decision = rules.end(employment, EndEmployment(employment.placement_id, again), on(date(2009, 5, 4)))
    assert refusal(decision) == ("employment-already-ended", "placement_id")
    decision = ended(employment, date(2009, 5, 4))
    (event,) = published(decision)
    assert (event.occurred_on, event.changed_job, event.unasked) == (date(2009, 5, 4), False, ())
    assert after(decision).ended_on == FIRST_DUE
    assert refusal(ended(after(decision), date(2009, 5, 5))) == ("employment-already-ended", "placement_id")


def test_an_end_says_which_steps_nobody_asks_about_any_more() -> None:
    decision = ended(planned(), date(2009, 4, 6))
    event = published(decision)[-1]
    assert not event.changed_job
    assert [(one.step, one.due_on) for one in event.unasked] == [
        ("3m", date(2009, 6, 3)),
        ("6m", date(2009, 9, 3)),
        ("12m", date(2010, 3, 3)),
    ]


def test_who_left_ends_the_employment_on_their_last_day_and_nothing_is_due_any_more() -> None:
    decision = recorded(
        planned(), date(2009, 3, 12), outcome="left", reason="dismissed", ended_on=date(2009, 3, 6), satisfaction=1
    )
    assert [type(event) for event in published(decision)] == [FollowUpDue, FollowUpMade, EmploymentEnded]
    assert [event.occurred_on for event in published(decision)] == [
        FIRST_DUE,
        date(2009, 3, 12),
        date(2009, 3, 6),
    ]
    assert after(decision).ended_on == date(2009, 3, 6)
    assert statuses(after(decision)) == ["made", "cancelled", "cancelled", "cancelled", "cancelled"]


def test_who_left_without_a_last_day_left_on_the_day_of_the_contact() -> None:
    employment = after(recorded(planned(), FIRST_DUE, outcome="left", reason="illness"))
    assert employment.ended_on == FIRST_DUE


def test_that_someone_left_is_published_once() -> None:
    employment = after(ended(planned(), FIRST_DUE))
    decision = recorded(employment, FIRST_DUE, outcome="left", reason="resigned")
    assert [type(event) for event in published(decision)] == [FollowUpMade]


def test_what_is_due_on_the_day_of_the_end_is_announced_and_what_is_due_later_never() -> None:
    decision = ended(planned(), FIRST_DUE)
    assert [type(event) for event in published(decision)] == [FollowUpDue, EmploymentEnded]
    employment = after(decision)
    assert statuses(employment) == ["due", "cancelled", "cancelled", "cancelled", "cancelled"]
    years_later = on(date(2012, 1, 2))
    assert rules.announce(employment, AnnounceContacts(employment.placement_id), years_later) == Accepted()


def test_an_end_is_recorded_on_the_day_it_happened() -> None:
    decision = ended(planned(), date(2009, 3, 9), date(2009, 3, 5))
    (event,) = decision.events
    assert event.occurred_on == date(2009, 3, 5)
    assert decision.answer["ended_on"] == date(2009, 3, 5)


def test_each_try_is_kept_with_its_day_and_what_came_of_it() -> None:
    employment = planned()
    in_vain = recorded(employment, FIRST_DUE, outcome="not_reached")
    friday = date(2009, 3, 13)
    reached = recorded(after(in_vain), date(2009, 3, 16), outcome="left", reason="illness", occurred_on=friday)
    contact = first(employment).contact_id
    assert done(in_vain) == (Try(contact, 1, FIRST_DUE, "not_reached"),)
    assert done(reached) == (Try(contact, 2, friday, "left"),)


def test_the_end_of_an_employment_is_kept_with_its_reason_and_the_end_of_the_next_job_beside_it() -> None:
    changed = after(recorded(planned(), FIRST_DUE, outcome="changed_job", ended_on=date(2009, 3, 6)))
    assert (changed.ended_on, changed.end_reason, changed.changed_job) == (date(2009, 3, 6), "resigned", True)
    assert (changed.next_ended_on, changed.next_end_reason) == (None, None)
    form = EndingForm(reason="dismissed")
    out = after(rules.end(changed, EndEmployment(changed.placement_id, form), on(date(2009, 5, 4))))
    assert (out.ended_on, out.end_reason, out.changed_job) == (date(2009, 3, 6), "resigned", False)
    assert (out.next_ended_on, out.next_end_reason) == (date(2009, 5, 4), "dismissed")


def test_every_event_of_an_employment_tells_what_kind_of_job_it_is() -> None:
    placement = placed(somebody(), PLACED_ON, occupation="11", sector="public", source="internship")
    decision = recorded(planned(placement), FIRST_DUE, outcome="left", reason="contract_ended")
    told = {(type(e), e.occupation, e.sector, e.employment, e.source) for e in published(decision)}
    kinds = (FollowUpDue, FollowUpMade, EmploymentEnded)
    assert told == {(kind, "11", "public", "permanent", "internship") for kind in kinds}


def test_a_corrected_placement_cancels_whatever_was_not_made() -> None:
    employment = after(recorded(planned(day=date(2009, 4, 3)), date(2009, 4, 3), outcome="still_employed"))
    decision = rules.cancel(employment, CancelContacts(employment.placement_id), on(date(2009, 4, 6)))
    assert isinstance(decision, Accepted)
    assert decision.events == ()
    assert statuses(after(decision)) == ["made", "cancelled", "cancelled", "cancelled", "cancelled"]
    assert refusal(ended(after(decision), date(2009, 4, 6))) == ("placement-corrected", "placement_id")


def test_a_correction_of_an_unknown_placement_changes_nothing() -> None:
    assert rules.cancel(None, CancelContacts(placed(somebody(), PLACED_ON).placement_id), on(PLACED_ON)) == Accepted()


def test_a_cancelled_contact_is_not_made() -> None:
    employment = after(ended(planned(), date(2009, 3, 9)))
    assert refusal(recorded(employment, FIRST_DUE, outcome="not_reached")) == ("contact-cancelled", "contact_id")


REFUSED: dict[str, tuple[date, dict[str, Any], tuple[str, str]]] = {
    "before it is due": (date(2009, 3, 9), {"outcome": "not_reached"}, ("contact-not-due", "contact_id")),
    "for a day before it was due": (
        FIRST_DUE,
        {"outcome": "not_reached", "occurred_on": date(2009, 3, 9)},
        ("contact-not-due", "occurred_on"),
    ),
    "for a day to come": (
        FIRST_DUE,
        {"outcome": "not_reached", "occurred_on": date(2009, 3, 11)},
        ("date-in-future", "occurred_on"),
    ),
    "with what nobody can have said": (
        FIRST_DUE,
        {"outcome": "not_reached", "satisfaction": 3},
        ("nobody-reached", "satisfaction"),
    ),
    "without the reason why they left": (FIRST_DUE, {"outcome": "left"}, ("end-needs-reason", "reason")),
    "with a reason though they stayed": (
        FIRST_DUE,
        {"outcome": "still_employed", "reason": "resigned"},
        ("no-end-of-employment", "reason"),
    ),
    "with a last day though they stayed": (
        FIRST_DUE,
        {"outcome": "still_employed", "ended_on": FIRST_DUE},
        ("no-end-of-employment", "ended_on"),
    ),
    "with a last day after the contact": (
        date(2009, 3, 12),
        {"outcome": "left", "reason": "other", "occurred_on": FIRST_DUE, "ended_on": date(2009, 3, 11)},
        ("ended-after-contact", "ended_on"),
    ),
    "with a last day before the first": (
        FIRST_DUE,
        {"outcome": "left", "reason": "other", "ended_on": date(2009, 3, 2)},
        ("before-placement", "ended_on"),
    ),
}


@pytest.mark.parametrize(("day", "form", "refused"), REFUSED.values(), ids=REFUSED.keys())
def test_an_outcome_is_refused(day: date, form: dict[str, Any], refused: tuple[str, str]) -> None:
    assert refusal(recorded(planned(), day, **form)) == refused


def test_nobody_is_still_employed_after_the_end() -> None:
    employment = after(ended(planned(day=date(2009, 4, 3)), date(2009, 4, 6), date(2009, 3, 20)))
    late = recorded(employment, date(2009, 4, 7), outcome="still_employed")
    assert refusal(late) == ("employment-already-ended", "outcome")
    before = recorded(employment, date(2009, 4, 7), outcome="still_employed", occurred_on=date(2009, 3, 20))
    assert after(before).contacts[0].status == "made"


def test_an_end_is_refused_before_the_placement_in_the_future_and_twice() -> None:
    employment = planned()
    assert refusal(ended(employment, FIRST_DUE, date(2009, 3, 2))) == ("before-placement", "occurred_on")
    assert refusal(ended(employment, FIRST_DUE, date(2009, 3, 11))) == ("date-in-future", "occurred_on")
    assert refusal(ended(after(ended(employment, FIRST_DUE)), FIRST_DUE)) == (
        "employment-already-ended",
        "placement_id",
    )


def test_a_placement_that_nobody_here_has_heard_of_is_unknown_by_its_topic() -> None:
    placement_id = placed(somebody(), PLACED_ON).placement_id
    decision = rules.end(None, EndEmployment(placement_id, EndingForm(reason="other")), on(PLACED_ON))
    assert decision == Unknown("placement_id", placement_id, CASES.name, is_key=False)


def test_a_contact_of_an_earlier_time_is_named_by_its_placement_and_step() -> None:
    employment = planned()
    row = {"placement_id": employment.placement_id, "step": "1w", "outcome": "still_employed", "satisfaction": 5}
    decision = rules.record_step(employment, RecordStep(ContactRow(**row)), on(FIRST_DUE))
    assert isinstance(decision, Accepted)
    assert decision.answer["contact_id"] == first(employment).contact_id
    assert [type(event) for event in decision.events] == [FollowUpDue, FollowUpMade]


def test_a_contact_whose_placement_has_not_arrived_is_not_yet_known_and_one_at_no_step_is_refused() -> None:
    employment = planned()
    command = RecordStep(ContactRow(placement_id=employment.placement_id, step="1w", outcome="not_reached"))
    assert rules.record_step(None, command, on(FIRST_DUE)) == Unknown(
        "placement_id", employment.placement_id, CASES.name, is_key=False
    )
    without = Employment(employment.placement_id, employment.seeker_id, PLACED_ON, employment.person, ())
    refused = rules.record_step(without, command, on(FIRST_DUE))
    assert isinstance(refused, Refused)
    assert (refused.problem, refused.field) == (rules.NO_SUCH_STEP, "step")
