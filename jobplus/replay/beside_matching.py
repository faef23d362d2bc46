"""What goes on in matching beside a plan: answers that are put off, referrals that are taken back, and vacancies with a
last day to apply."""

import random

from contracts.codes import WithdrawalReason
from jobplus.replay.actions import AnswerReferral
from jobplus.replay.beside import Beside
from jobplus.replay.calendar import Period
from jobplus.replay.referrals import Matching

_POSTPONED = 0.05
"""Of the referrals that are answered after some days: answered before that they are put off."""
_TAKEN_BACK = 0.003
"""Of the referrals that are refused on a later day: taken back instead."""
_WHY_TAKEN_BACK: tuple[WithdrawalReason, ...] = ("made_by_mistake", "seeker_unavailable", "seeker_unsuited")
_WITH_DEADLINE = 0.1
"""Of the vacancies."""
_AFTER_LAST = (1, 60)
"""Days from the last that the plan has for a vacancy to its last day to apply."""


def add_postponed(found: Beside, matching: Matching, period: Period, seed: int) -> None:
    """Have some referrals answered twice: put off, on a day between their making and their answer, and then as the plan
    has it."""
    rng = random.Random(f"{seed} postponed")
    for number, referral in enumerate(matching.referrals):
        if referral.answered is None or referral.answered.on - referral.made_on < 2 or rng.random() >= _POSTPONED:
            continue
        day = period.working_day(rng.randint(referral.made_on + 1, referral.answered.on - 1))
        if day < referral.answered.on:
            found.matching[day].append(AnswerReferral(number, "postponed", None))


def add_taken_back(found: Beside, matching: Matching, seed: int) -> None:
    """Have some referrals taken back on the day on which the plan has them refused: they are counted all the same."""
    rng = random.Random(f"{seed} withdrawn")
    for number, referral in enumerate(matching.referrals):
        answered = referral.answered
        refused_later = answered is not None and answered.reason is not None and answered.on > referral.made_on
        if refused_later and rng.random() < _TAKEN_BACK:
            found.taken_back[number] = rng.choice(_WHY_TAKEN_BACK)


def add_deadlines(found: Beside, matching: Matching, seed: int) -> None:
    """Give some vacancies a last day to apply, after all that the plan has for them."""
    rng = random.Random(f"{seed} deadlines")
    last = [vacancy.opened_on for vacancy in matching.vacancies]
    for referral in matching.referrals:
        last[referral.vacancy] = max(last[referral.vacancy], *(first for first, _ in referral.spans()))
    for number, day in enumerate(last):
        if rng.random() < _WITH_DEADLINE:
            found.deadlines[number] = day + rng.randint(*_AFTER_LAST)
