"""What is unplanned in matching: answers that are put off, referrals that are taken back, and vacancies with a
last day to apply, after which somebody may still be hired."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence

from contracts.cases import WithdrawalReason
from jobplus.replay.drawing.referrals import Matching, Referral
from jobplus.replay.drawing.unplanned import Dated, Draw, SoFar
from jobplus.replay.driving.actions import Action, Form
from jobplus.replay.driving.kinds import ANSWER_REFERRAL

_POSTPONED = 0.05
"""Of the referrals that are answered after some days: answered before that they are put off."""
_TAKEN_BACK = 0.003
"""Of the referrals that are refused on a later day: taken back instead."""
_PUT_OFF: Form = {"answer": "postponed"}
_WHY_TAKEN_BACK: tuple[WithdrawalReason, ...] = ("made_by_mistake", "seeker_unavailable", "seeker_unsuited")
_WITH_DEADLINE = 0.1
"""Of the vacancies."""
_AFTER_LAST = (1, 60)
"""Days from the last that the plan has for a vacancy to its last day to apply."""
_HIRED_LATE = 0.25
"""Of the vacancies that take somebody after all who were referred to them have answered: their last day to apply is
over by then."""
_LATEST = 60
"""Days from the last day to apply to a hire, at most; the centre waits longer for one."""


def postponed(so_far: SoFar) -> Iterator[Dated]:
    """Have a few referrals answered twice: put off, on a day between their making and their answer, and then as the
    plan has it."""
    rng, period = random.Random(f"{so_far.seed} postponed"), so_far.period
    for number, referral in enumerate(so_far.matching.referrals):
        if referral.answered is None or referral.answered.on - referral.made_on < 2 or rng.random() >= _POSTPONED:
            continue
        day = period.working_day(rng.randint(referral.made_on + 1, referral.answered.on - 1))
        if day < referral.answered.on:
            yield day, Action(ANSWER_REFERRAL, {"referral": number, "seeker": referral.seeker}, _PUT_OFF)


def taken_back(matching: Matching, seed: int) -> Iterator[tuple[int, WithdrawalReason]]:
    """Have some referrals taken back on the day on which the plan has them refused; give why. They are counted all the
    same."""
    rng = random.Random(f"{seed} withdrawn")
    for number, referral in enumerate(matching.referrals):
        answered = referral.answered
        refused_later = answered is not None and answered.reason is not None and answered.on > referral.made_on
        if refused_later and rng.random() < _TAKEN_BACK:
            yield number, rng.choice(_WHY_TAKEN_BACK)


def deadlines(matching: Matching, seed: int) -> Iterator[tuple[int, int]]:
    """Give some vacancies a last day to apply, after all that the plan has for them."""
    rng = random.Random(f"{seed} deadlines")
    last = [vacancy.opened_on for vacancy in matching.vacancies]
    for referral in matching.referrals:
        last[referral.vacancy] = max(last[referral.vacancy], *(first for first, _ in referral.spans()))
    for number, day in enumerate(last):
        if rng.random() < _WITH_DEADLINE:
            yield number, day + rng.randint(*_AFTER_LAST)


def deadlines_before_hires(matching: Matching, seed: int) -> Iterator[tuple[int, int]]:
    """Give some vacancies a last day to apply that comes before somebody is hired.

    All referrals to them are made and answered by that day: those that aren't would end by it, and end otherwise in the
    plan. Where somebody is to be an intern, or is hired and never comes, the vacancy is left as it is.
    """
    rng = random.Random(f"{seed} late hires")
    referrals: defaultdict[int, list[Referral]] = defaultdict(list)
    for referral in matching.referrals:
        referrals[referral.vacancy].append(referral)
    for number in sorted(referrals):
        spare = _after_the_last_answer(referrals[number])
        if spare and rng.random() < _HIRED_LATE:
            yield number, rng.choice(spare)


def _after_the_last_answer(referrals: Sequence[Referral]) -> range:
    """Give the days from the last making or answer to the eve of the last hire, not too long before it."""
    hired = max((referral.placed_on for referral in referrals if referral.placed_on is not None), default=0)
    asked = 0
    for referral in referrals:
        if referral.answered is None or referral.internship or referral.broken_off or referral.never_started:
            return range(0)
        asked = max(asked, referral.answered.on)
    return range(max(asked, hired - _LATEST), hired)


DRAWN: tuple[Draw, ...] = (postponed,)
