"""What services make of a code that they don't know: what can be put right when it is known, and nothing that can't."""

from datetime import date
from typing import Any

import uuid_utils.compat as uuids

from contracts.open_codes import counted
from services.followup.caseload.policies import note_answer
from services.followup.surveys.policies import note_reached
from services.intake.sos_care.policies import end_with_private_job
from services.matching.pool.policies import keep_profile
from services.matching.ranking.districts import districts_at
from services.reporting.figures.persons import facts_of
from services.reporting.figures.retention import TOLD
from tests.kit.events import follow_up_due, follow_up_made, placed, profile, referral, referral_answered, somebody
from tests.kit.new_codes import NEW, told

DAY = date(2009, 3, 2)


def test_a_job_of_an_unknown_kind_ends_no_sos_care() -> None:
    job = placed(somebody(), DAY, sector="private", employment="permanent")
    assert end_with_private_job(job)
    assert not end_with_private_job(told(job, {("sector",): NEW}))
    assert not end_with_private_job(told(job, {("employment",): NEW}))


def test_who_has_an_unknown_status_is_not_referred() -> None:
    (command,) = keep_profile(told(profile(somebody(), DAY), {("status",): "paused"}))
    assert command.profile.status == "withdrawn"


def test_an_unknown_answer_leaves_a_referral_waiting() -> None:
    answered = referral_answered(referral(somebody(), DAY), DAY, "accepted")
    assert note_answer(answered)
    assert not note_answer(told(answered, {("answer",): NEW}))


def test_nothing_is_near_an_unknown_district() -> None:
    far: Any = "26110"
    assert districts_at(far, 0) == districts_at(far, 1) == []


def test_an_unknown_outcome_reached_nobody() -> None:
    job = placed(somebody(), DAY)
    due = follow_up_due(job, DAY, step="1m")
    made = follow_up_made(due, DAY, outcome="still_employed")
    new = told(made, {("outcome",): NEW})
    assert note_reached(made)
    assert not note_reached(new)

    def measures(last: Any) -> set[str]:
        events = [due, counted(last)]
        told_of = [(event, one) for event in events for one in TOLD[type(event)](event)]
        happenings = [one.happening(event, uuids.uuid7()) for event, one in told_of]
        return {fact.measure for fact in facts_of("retention", happenings)}

    assert measures(made) == {"retention_due", "retention_reached", "retention_still_employed"}
    assert measures(new) == {"retention_due"}
