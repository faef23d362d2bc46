"""How a referral is withdrawn and chased, and why it may be refused, by the rules alone."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import uuid_utils.compat as uuids
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from chassis.batch.decisions import Accepted, Decision, Refused, Unknown
from contracts.cases import ReferralChased, ReferralEnded
from contracts.ids import ReferralId
from services.matching.pool.model import Seeker
from services.matching.referrals.commands import AnswerForm, ChaseReferral, WithdrawalForm, WithdrawReferral
from services.matching.referrals.ends import chase, step_due, withdraw
from services.matching.referrals.model import OPEN, WAITING, Case, Referral
from services.matching.referrals.rules import BEFORE_REFERRAL, REFERRAL_ENDED, refuse_unaccepted
from services.matching.settings import ChaseDays, MatchingSettings
from tests.matching.states import NOW, TODAY, a_seeker, a_vacancy

MADE = TODAY - timedelta(20)
ENDED = ["refused", "interned", "placed", "withdrawn", "obsolete", "expired", "lapsed"]
STATUSES = ["made", "postponed", "accepted", *ENDED]


def a_case(seeker: Seeker, **details: Any) -> tuple[Case, Referral]:
    vacancy = a_vacancy()
    referral = Referral(
        ReferralId(uuids.uuid7()), seeker.seeker_id, vacancy.vacancy_id, vacancy.employer_id, "02", MADE, **details
    )
    return Case(seeker.seeker_id, (referral,)), referral


def withdrawing(seeker: Seeker, case: Case, referral: Referral, on: date | None = None) -> Decision:
    form = WithdrawalForm(reason="seeker_unavailable", occurred_on=on)
    return withdraw(seeker, case, WithdrawReferral(referral.referral_id, form), NOW)


def chasing(seeker: Seeker, case: Case, referral: Referral, step: int = 1) -> Accepted:
    decision = chase(seeker, case, ChaseReferral(referral.referral_id, step), NOW)
    assert isinstance(decision, Accepted)
    return decision


@pytest.mark.parametrize("status", STATUSES)
def test_only_an_open_referral_is_withdrawn_with_its_reason(status: Any) -> None:
    seeker = a_seeker()
    case, referral = a_case(seeker, status=status)
    decision = withdrawing(seeker, case, referral, on=MADE)
    if status not in OPEN:
        assert isinstance(decision, Refused)
        assert (decision.problem, decision.field, decision.facts) == (REFERRAL_ENDED, "referral_id", {"status": status})
        return
    assert isinstance(decision, Accepted)
    (left,) = decision.states
    (withdrawn,) = left.referrals
    assert (withdrawn.status, withdrawn.reason) == ("withdrawn", "seeker_unavailable")
    (event,) = decision.events
    assert isinstance(event, ReferralEnded)
    told = (event.reason, event.withdrawal_reason, event.occurred_on, event.rule)
    assert told == ("withdrawn", "seeker_unavailable", MADE, "withdraw")
    assert decision.answer["status"] == "withdrawn"
    again = withdrawing(seeker, left, withdrawn)
    assert isinstance(again, Refused)
    nothing_comes_of_it = refuse_unaccepted(withdrawn, TODAY)
    assert nothing_comes_of_it is not None
    assert nothing_comes_of_it.problem == REFERRAL_ENDED


def test_a_withdrawal_is_not_dated_before_its_referral_or_after_today_and_says_nothing_of_the_erased() -> None:
    seeker = a_seeker()
    case, referral = a_case(seeker)
    early = withdrawing(seeker, case, referral, on=MADE - timedelta(1))
    assert isinstance(early, Refused)
    assert (early.problem, early.field, early.facts) == (BEFORE_REFERRAL, "occurred_on", {"made_on": MADE})
    late = withdrawing(seeker, case, referral, on=TODAY + timedelta(1))
    assert isinstance(late, Refused)
    assert late.field == "occurred_on"
    assert isinstance(withdrawing(replace(seeker, profile=None), case, referral), Refused)
    unknown = WithdrawReferral(ReferralId(uuids.uuid7()), WithdrawalForm(reason="other"))
    assert withdraw(seeker, case, unknown, NOW) == Unknown("referral_id", unknown.referral_id)


@pytest.mark.parametrize("status", STATUSES)
def test_only_a_missing_answer_is_asked_for(status: Any) -> None:
    seeker = a_seeker()
    case, referral = a_case(seeker, status=status)
    decision = chasing(seeker, case, referral)
    if status not in WAITING:
        assert decision == Accepted()
        return
    (kept,) = decision.states
    assert kept.referrals == (replace(referral, chased=1),)
    (event,) = decision.events
    assert isinstance(event, ReferralChased)
    assert (event.attempt, event.asked, event.occurred_on) == (1, "seeker", TODAY)


def test_a_step_is_chased_once_and_the_one_who_is_asked_changes() -> None:
    seeker = a_seeker()
    case, referral = a_case(seeker)
    asked: list[tuple[int, str]] = []
    for step in (1, 1, 3, 2, 3, 4):
        decision = chasing(seeker, case, referral, step)
        case = decision.states[0] if decision.states else case
        asked += [(event.attempt, event.asked) for event in decision.events if isinstance(event, ReferralChased)]
    assert asked == [(1, "seeker"), (3, "seeker"), (4, "employer")]
    assert case.referrals[0].chased == 4


@pytest.mark.parametrize("gone", ["erased", "withdrawn"])
def test_nobody_who_is_gone_is_chased_nor_looked_at_again(gone: str) -> None:
    seeker = replace(a_seeker(), profile=None) if gone == "erased" else a_seeker(status="withdrawn")
    case, referral = a_case(seeker)
    decision = chasing(seeker, case, referral)
    assert decision.events == ()
    (kept,) = decision.states
    assert kept.referrals[0].chased == 1
    assert isinstance(chase(seeker, None, ChaseReferral(referral.referral_id, 1), NOW), Unknown)


def test_of_steps_that_passed_together_only_the_last_is_due() -> None:
    due = {days: step_due(MADE, MADE + timedelta(days), (14, 30)) for days in (-1, 0, 13, 14, 29, 30, 400)}
    assert due == {-1: 0, 0: 0, 13: 0, 14: 1, 29: 1, 30: 2, 400: 2}


@given(st.sets(st.integers(1, 99), min_size=1, max_size=9).map(sorted), st.integers(0, 120), st.integers(0, 120))
def test_more_days_never_mean_an_earlier_step(steps: list[int], days: int, more: int) -> None:
    due = [step_due(MADE, MADE + timedelta(passed), steps) for passed in (days, days + more)]
    assert 0 <= due[0] <= due[1] <= len(steps)
    assert due[0] == 0 or steps[due[0] - 1] <= days


def test_the_days_of_chasing_ascend() -> None:
    assert MatchingSettings.model_construct(None, chase_days="14,30").chase_steps == (14, 30)
    days = TypeAdapter(ChaseDays)
    assert days.validate_python("7,14,30") == "7,14,30"
    for wrong in ("30,14", "14,14", "0", "", "14,", "fortnight"):
        with pytest.raises(ValidationError):
            days.validate_python(wrong)


@pytest.mark.parametrize(
    ("answer", "reason", "named"),
    [
        ("refused_by_seeker", "another_chosen", "too_far"),
        ("refused_by_employer", "too_far", "another_chosen"),
        ("refused_by_employer", "too_old", "another_chosen"),
        ("postponed", "soon", "hours_unsuitable"),
    ],
)
def test_a_reason_that_the_side_can_not_have_is_refused_with_the_list(answer: Any, reason: Any, named: str) -> None:
    with pytest.raises(ValidationError) as refused:
        AnswerForm(answer=answer, reason=reason)
    (error,) = refused.value.errors()
    assert error["loc"] == ("reason",)
    assert named in error["msg"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("refused_by_seeker", "wage_too_low"),
        ("refused_by_employer", "qualification_missing"),
        ("refused_by_employer", "other"),
        ("postponed", "too_far"),
        ("refused_by_seeker", None),
    ],
)
def test_a_reason_of_the_side_is_taken(answer: Any, reason: Any) -> None:
    assert AnswerForm(answer=answer, reason=reason).reason == reason
