"""What events change in the caseload, without a database."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import uuid_utils.compat as uuids

from chassis.batch.decisions import Accepted, Actor, Now
from contracts.cases import Answer
from contracts.ids import CounsellorId, SeekerId
from services.followup.caseload import policies, rules
from services.followup.caseload.model import (
    AnsweredReferral,
    Client,
    ForgottenClient,
    FormerCounsellor,
    Internship,
    WaitingKey,
    WaitingReferral,
)
from services.followup.surveys.model import ServedPerson
from tests.kit.events import (
    assigned,
    counsellor_left,
    erased,
    internship_broken_off,
    internship_completed,
    internship_converted,
    internship_started,
    referral,
    referral_answered,
    referral_ended,
    returned,
    withdrawn,
)

DAY = date(2010, 3, 2)
NOW = Now(datetime(2010, 3, 2, 1, tzinfo=UTC), DAY, Actor("system", "test"))
SEEKER = SeekerId(uuids.uuid7())
COUNSELLOR = CounsellorId(uuids.uuid7())
MADE = referral(SEEKER, DAY)
KEY = WaitingKey(SEEKER, MADE.referral_id)


def decide(commands: Any, *states: Any) -> tuple[Any, ...]:
    """Give what is to be kept and done."""
    (command,) = commands
    decision = rules.DECIDERS[type(command)](*states, command, NOW)
    assert isinstance(decision, Accepted)
    assert not decision.events
    return (*decision.states, *decision.effects)


def test_a_client_is_whose_they_were_assigned_to_and_on_the_register_until_withdrawn() -> None:
    (had,) = decide(policies.note_counsellor(assigned(SEEKER, COUNSELLOR, DAY)), None)
    assert had == Client(SEEKER, COUNSELLOR, DAY)
    (gone,) = decide(policies.note_withdrawal(withdrawn(SEEKER, DAY)), None)
    assert had.and_then(gone) == Client(SEEKER, COUNSELLOR, DAY, withdrawn=True, withdrawn_on=DAY)
    (back,) = decide(policies.note_return(returned(SEEKER, DAY)), None)
    assert had.and_then(gone).and_then(back) == Client(SEEKER, COUNSELLOR, DAY, withdrawn=False, withdrawn_on=DAY)


def test_a_referral_waits_from_its_day_on() -> None:
    assert decide(policies.await_answer(MADE), None) == (WaitingReferral(KEY, DAY),)


@pytest.mark.parametrize("answer", ["accepted", "refused_by_seeker", "refused_by_employer"])
def test_an_answer_ends_the_waiting(answer: Answer) -> None:
    assert decide(policies.note_answer(referral_answered(MADE, DAY, answer)), None) == (AnsweredReferral(KEY),)


def test_a_postponed_referral_waits_on_and_one_that_has_ended_does_not() -> None:
    assert policies.note_answer(referral_answered(MADE, DAY, "postponed")) == ()
    assert decide(policies.note_end(referral_ended(MADE, DAY)), None) == (AnsweredReferral(KEY),)


def test_an_internship_ends_whichever_way_and_stays_ended_though_its_start_is_heard_of_later() -> None:
    started = internship_started(SEEKER, DAY)
    running = Internship(started.internship_id, SEEKER)
    over = Internship(started.internship_id, SEEKER, DAY)
    (start,) = policies.note_internship(started)
    assert decide([start], None, None) == (running,)
    for end in (internship_broken_off, internship_completed, internship_converted):
        ending = end(started, DAY)
        assert decide(policies.note_internship_end(ending), None, running) == (over,)
        assert decide(policies.note_internship_end(ending), None, None) == (over,)
    assert decide([start], None, over) == (over,)


def test_a_counsellor_who_left_is_noted() -> None:
    assert decide(policies.note_departure(counsellor_left(COUNSELLOR, DAY))) == (FormerCounsellor(COUNSELLOR),)


def test_of_who_was_erased_nothing_is_kept_nor_noted_any_more() -> None:
    mark = ServedPerson(SEEKER, erased=True)
    assert decide(policies.forget(erased(SEEKER, DAY))) == (ForgottenClient(SEEKER),)
    assert decide(policies.note_counsellor(assigned(SEEKER, COUNSELLOR, DAY)), mark) == ()
    assert decide(policies.note_withdrawal(withdrawn(SEEKER, DAY)), mark) == ()
    assert decide(policies.await_answer(MADE), mark) == ()
    assert decide(policies.note_end(referral_ended(MADE, DAY)), mark) == ()
    assert decide(policies.note_internship(internship_started(SEEKER, DAY)), mark, None) == ()
