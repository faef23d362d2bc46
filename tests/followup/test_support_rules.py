"""The month's support in a public job under SOS-Care, by the rules alone; and the end of the former job."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import uuid_utils.compat as uuids

from chassis.batch.decisions import Accepted, Actor, Decision, Now, Refused, Unknown
from contracts.cases import Placed
from contracts.ids import PlacementId, SeekerId, SupportId
from services.followup.contacts.commands import EndWithNextJob, PlanContacts
from services.followup.contacts.model import Employment
from services.followup.contacts.policies import end_former
from services.followup.contacts.rules import BEFORE_PLACEMENT, end_with_next_job, plan
from services.followup.support.commands import (
    AnnounceSupport,
    EndSupport,
    EndSupportWithCare,
    FollowJob,
    ForgetSupported,
    GiveSupport,
    SupportForm,
)
from services.followup.support.model import PublicJob, due_on
from services.followup.support.policies import end_with_job, follow_job
from services.followup.support.rules import (
    SUPPORT_CANCELLED,
    SUPPORT_GIVEN,
    announce,
    end,
    end_with_care,
    follow,
    forget,
    give,
)
from tests.followup.states import unmerged
from tests.kit.events import WOMAN, employment_ended, placed, placed_in_public_works, somebody

PLACED_ON = date(2009, 3, 31)
"""A month later there is no 31st."""


def on(day: date) -> Now:
    return Now(datetime(day.year, day.month, day.day, 3, tzinfo=UTC), day, Actor("counsellor", "c-1"))


def a_placement(
    of: SeekerId | None = None, day: date = PLACED_ON, at: datetime | None = None, **changed: Any
) -> Placed:
    return placed_in_public_works(of or somebody(), day, at, **changed)


def followed(placement: Placed, day: date = PLACED_ON, state: PublicJob | None = None) -> PublicJob:
    decision = accepted(follow(state, FollowJob(placement), on(day)))
    (made,) = decision.states
    return made


def accepted(decision: Decision) -> Accepted:
    assert isinstance(decision, Accepted), decision
    return decision


def refusal(decision: Decision) -> tuple[Any, str | None]:
    assert isinstance(decision, Refused), decision
    return decision.problem, decision.field


def giving(state: PublicJob, month: int, day: date, kind: Any = "counselling", said: date | None = None) -> Decision:
    assert state.job is not None
    form = SupportForm(kind=kind, occurred_on=said)
    return give(state, GiveSupport(state.job.supports[month - 1].support_id, form), on(day))


@pytest.mark.parametrize(
    ("changed", "looked_at"),
    [
        ({}, True),
        ({"sector": "private", "employment": "fixed_term"}, True),
        ({"sector": "public", "employment": "permanent"}, True),
        ({"sector": "private", "employment": "permanent"}, False),
        ({"person": WOMAN}, False),
    ],
)
def test_only_a_public_job_under_sos_care_is_looked_at(changed: Any, looked_at: bool) -> None:
    placement = a_placement(**changed)
    assert bool(follow_job(placement)) is looked_at


def test_each_month_falls_due_once_on_its_working_day() -> None:
    state = followed(a_placement())
    assert state.job is not None
    due = [due_on(PLACED_ON, month) for month in (1, 2, 3)]
    assert due[0] == date(2009, 4, 30)
    assert state.job.next_due_on == due[0]
    command = AnnounceSupport(state.seeker_id)
    assert announce(state, command, on(due[0] - timedelta(1))) == Accepted()
    first = accepted(announce(state, command, on(due[0])))
    assert [(event.month, event.due_on, event.occurred_on) for event in first.events] == [(1, due[0], due[0])]
    assert first.events[0].actor.role == "system"
    (state,) = first.states
    assert announce(state, command, on(due[0])) == Accepted()
    late = accepted(announce(state, command, on(due[2])))
    assert [event.month for event in late.events] == [2, 3]
    (state,) = late.states
    assert len({support.support_id for support in state.job.supports}) == 3


def test_a_placement_that_is_heard_of_late_has_its_months_announced_at_once() -> None:
    decision = accepted(follow(None, FollowJob(a_placement()), on(due_on(PLACED_ON, 2))))
    assert [event.month for event in decision.events] == [1, 2]


def test_a_months_support_is_given_once_and_not_before_the_job() -> None:
    day = due_on(PLACED_ON, 1)
    state = followed(a_placement(), day)
    assert refusal(giving(state, 1, day, said=PLACED_ON - timedelta(1))) == (BEFORE_PLACEMENT, "occurred_on")
    assert refusal(giving(state, 1, day, said=day + timedelta(1)))[1] == "occurred_on"
    decision = accepted(giving(state, 1, day, "training"))
    (event,) = decision.events
    assert (event.kind, event.month, event.person.programme) == ("training", 1, "sos_care")
    (state,) = decision.states
    assert refusal(giving(state, 1, day)) == (SUPPORT_GIVEN, "support_id")
    unknown = GiveSupport(SupportId(uuids.uuid7()), SupportForm(kind="training"))
    assert give(state, unknown, on(day)) == Unknown("support_id", unknown.support_id)


@pytest.mark.parametrize("with_", ["job", "care"])
def test_when_the_job_or_the_care_ends_nothing_falls_due_and_what_was_given_stays(with_: str) -> None:
    day = due_on(PLACED_ON, 2)
    (state,) = accepted(giving(followed(a_placement(), day), 1, day)).states
    if with_ == "job":
        ended = end(state, EndSupport(state.seeker_id, state.job.placement_id), on(day))
    else:
        ended = end_with_care(state, EndSupportWithCare(state.seeker_id, on(day).at), on(day))
    (state,) = accepted(ended).states
    assert [support.status for support in state.job.supports] == ["given", "cancelled"]
    assert state.job.next_due_on is None
    assert announce(state, AnnounceSupport(state.seeker_id), on(due_on(PLACED_ON, 5))) == Accepted()
    assert refusal(giving(state, 2, day)) == (SUPPORT_CANCELLED, "support_id")


def test_the_end_of_another_job_ends_nothing() -> None:
    state = followed(a_placement())
    assert end(state, EndSupport(state.seeker_id, PlacementId(uuids.uuid7())), on(PLACED_ON)) == Accepted()
    ending = employment_ended(placed(state.seeker_id, PLACED_ON), PLACED_ON)
    assert end_with_job(ending) == ()


def test_what_comes_by_another_topic_too_early_or_too_late_changes_nothing() -> None:
    placement = a_placement()
    later = placement.recorded_at + timedelta(hours=1)
    # The care ended after the placement, and that was heard of first.
    (ended,) = accepted(end_with_care(None, EndSupportWithCare(placement.seeker_id, later), on(PLACED_ON))).states
    assert follow(ended, FollowJob(placement), on(PLACED_ON)) == Accepted()
    # It was granted again, and a new placement was heard of before the care's end.
    again = a_placement(placement.seeker_id, at=later + timedelta(hours=1))
    state = followed(again, state=ended)
    (state,) = accepted(end_with_care(state, EndSupportWithCare(placement.seeker_id, later), on(PLACED_ON))).states
    assert state.job.running
    assert follow(state, FollowJob(again), on(PLACED_ON)) == Accepted()


def test_of_an_erased_person_nothing_but_the_mark_is_kept() -> None:
    placement = a_placement()
    (state,) = accepted(forget(followed(placement), ForgetSupported(placement.seeker_id), on(PLACED_ON))).states
    assert state == PublicJob(placement.seeker_id, erased=True)
    assert follow(state, FollowJob(placement), on(PLACED_ON)) == Accepted()


def an_employment() -> Employment:
    placement = a_placement()
    command = PlanContacts(placement, ("1w", "1m", "3m"))
    (employment,) = accepted(plan(None, None, unmerged(placement), command, on(PLACED_ON))).states
    return employment


def test_the_next_job_ends_the_former_and_its_contacts() -> None:
    employment = an_employment()
    next_job = a_placement(day=date(2009, 5, 11), former_placement_id=employment.placement_id)
    (command,) = end_former(next_job)
    decision = accepted(end_with_next_job(employment, command, on(date(2009, 5, 11))))
    assert [type(event).__name__ for event in decision.events] == ["FollowUpDue", "FollowUpDue", "EmploymentEnded"]
    ended = decision.events[-1]
    assert (ended.reason, ended.occurred_on) == ("other", date(2009, 5, 11))
    (employment,) = decision.states
    assert [contact.status for contact in employment.contacts] == ["due", "due", "cancelled"]
    assert end_with_next_job(employment, command, on(date(2009, 5, 12))) == Accepted()
    assert end_former(a_placement()) == ()


def test_a_former_job_that_began_later_than_the_next_ends_on_its_first_day() -> None:
    employment = an_employment()
    command = EndWithNextJob(employment.placement_id, PLACED_ON - timedelta(3))
    (employment,) = accepted(end_with_next_job(employment, command, on(PLACED_ON))).states
    assert employment.ended_on == PLACED_ON
    never = replace(an_employment(), corrected=True)
    assert end_with_next_job(never, command, on(PLACED_ON)) == Accepted()
