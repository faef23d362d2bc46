"""A referral of an earlier time and its answer, recorded by one row."""

from dataclasses import replace

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, impossible_day
from chassis.problems import ProblemType
from services.matching.pool.model import Seeker
from services.matching.referrals.closings import meet_closing
from services.matching.referrals.commands import (
    AnswerForm,
    AnswerReferral,
    MakeReferral,
    MeetClosing,
    RecordReferral,
    ReferralRow,
)
from services.matching.referrals.model import Case
from services.matching.referrals.rules import BEFORE_REFERRAL, answer, refer
from services.matching.vacancies.model import Vacancy

NO_ANSWER = ProblemType("no-answer", 422, "Only an answer has a reason and a day")


def record(
    vacancy: Vacancy | None, seeker: Seeker | None, case: Case | None, command: RecordReferral, now: Now
) -> Decision:
    """Record a referral together with its answer. Where its vacancy has closed since, it meets that at once."""
    made = refer(vacancy, seeker, case, MakeReferral(command.referral_id, command.row), now)
    recorded = _answered(made, seeker, command, now)
    if not isinstance(recorded, Accepted):
        return recorded
    (with_referral,) = recorded.states
    met = meet_closing(vacancy, seeker, with_referral, MeetClosing(command.referral_id), now)
    if not isinstance(met, Accepted):
        return met
    return Accepted(met.states or recorded.states, (*recorded.events, *met.events), recorded.answer)


def _answered(made: Decision, seeker: Seeker | None, command: RecordReferral, now: Now) -> Decision:
    row = command.row
    if not isinstance(made, Accepted):
        return made
    if row.answer is None:
        return _without_answer(row) or made
    on = row.answered_on or row.occurred_on or now.day
    if refused := impossible_day(now, "answered_on", on):
        return refused
    if on < (row.occurred_on or now.day):
        return Refused(BEFORE_REFERRAL, f"referred on {row.occurred_on or now.day}", "answered_on")
    (with_referral,) = made.states
    form = AnswerForm(answer=row.answer, reason=row.reason)
    answered = answer(seeker, with_referral, AnswerReferral(command.referral_id, form), replace(now, day=on))
    if not isinstance(answered, Accepted):
        return answered
    return Accepted(answered.states, (*made.events, *answered.events), {**made.answer, **answered.answer})


def _without_answer(row: ReferralRow) -> Refused | None:
    """Refuse what only goes with an answer."""
    field = next((name for name in ("reason", "answered_on") if getattr(row, name) is not None), None)
    return Refused(NO_ANSWER, f"{field} goes with an answer", field) if field else None


DECIDERS: Deciders = {RecordReferral: record}
