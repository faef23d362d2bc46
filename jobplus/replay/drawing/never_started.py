"""Placements that never were: of people whom the plan refers in vain, taken back within days, as they didn't start."""

import random
from collections import defaultdict
from dataclasses import replace

from jobplus.replay.drawing.broken_off import taken_up, with_room
from jobplus.replay.drawing.declared import situation
from jobplus.replay.drawing.occupations import MOST_OPENINGS
from jobplus.replay.drawing.referrals import Matching, NeverStarted, Referral
from jobplus.replay.planning.calendar import Period

_NEVER_STARTED = 0.01
"""Of those whose next referral is so far off, one referral of theirs."""
_TO_CORRECTION = (1, 3)
"""Days from the placement to its correction."""


def with_never_started(matching: Matching, period: Period, seed: int) -> Matching:
    """Have some referrals lead to a placement that is corrected within its month, instead of to a refusal or no answer.

    Each takes an opening more of its vacancy, so it takes none from anybody. Who is in sudden hardship isn't among
    them: a placement would end their SOS-Care.
    """
    rng = random.Random(f"{seed} never started")
    vacancies, referrals = list(matching.vacancies), list(matching.referrals)
    by_seeker: defaultdict[int, list[int]] = defaultdict(list)
    for number, referral in enumerate(referrals):
        by_seeker[referral.seeker].append(number)
    for seeker, numbers in by_seeker.items():
        of = [referrals[number] for number in numbers]
        if situation(seed, seeker).in_hardship or any(referral.broken_off for referral in of):
            continue
        for number, last in with_room(of, numbers, period):
            vacancy = vacancies[referrals[number].vacancy]
            if vacancy.post.internship or vacancy.openings == MOST_OPENINGS or rng.random() >= _NEVER_STARTED:
                continue
            in_vain = _in_vain(referrals[number], last, period, rng)
            if in_vain is not None:
                vacancies[in_vain.vacancy] = replace(vacancy, openings=vacancy.openings + 1)
                referrals[number] = in_vain
                break
    return replace(matching, vacancies=vacancies, referrals=referrals)


def _in_vain(referral: Referral, last: int, period: Period, rng: random.Random) -> Referral | None:
    """Have a referral lead to such a placement; to none where that and its correction are not of one month."""
    accepted, placed_on = taken_up(referral, period, rng)
    corrected_on = period.working_day(placed_on + rng.randint(*_TO_CORRECTION))
    in_order = referral.made_on < accepted.on < placed_on < corrected_on <= last
    if not in_order or period.date(placed_on).month != period.date(corrected_on).month:
        return None
    return replace(referral, answered=accepted, never_started=NeverStarted(placed_on, corrected_on))
