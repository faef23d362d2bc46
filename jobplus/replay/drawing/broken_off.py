"""Internships that are broken off: of young people whom the plan refers in vain, and who then go on as it says."""

import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from jobplus.replay.drawing.occupations import MOST_OPENINGS
from jobplus.replay.drawing.referrals import Answered, BrokenOff, BrokenOffBy, Matching, Referral
from jobplus.replay.planning.calendar import Period

_BROKEN_OFF = 0.04
"""Of the young whose next referral is so far off, one referral of theirs."""
_TO_ANSWER, _TO_START = (1, 4), (1, 5)
_LASTS = (5, 40)
"""Days from one step to the next, and days that such an internship lasts."""
_ROOM = _TO_ANSWER[1] + _TO_START[1] + _LASTS[0] + 15
"""Days without any other referral that it takes, days off among them."""
_MOST_AGE = 29
_BY: tuple[BrokenOffBy, ...] = ("intern", "intern", "employer")


def with_broken_off(matching: Matching, birth_years: Sequence[int], period: Period, seed: int) -> Matching:
    """Have some referrals lead to an internship that is broken off, instead of to a refusal or to no answer.

    Each takes an opening more of one of the internships that there are, so it takes none from anybody.
    """
    rng = random.Random(f"{seed} broken off")
    posted = [number for number, vacancy in enumerate(matching.vacancies) if vacancy.post.internship]
    opened_on = [matching.vacancies[number].opened_on for number in posted]
    vacancies, referrals = list(matching.vacancies), list(matching.referrals)
    by_seeker: defaultdict[int, list[int]] = defaultdict(list)
    for number, referral in enumerate(referrals):
        by_seeker[referral.seeker].append(number)
    for seeker, numbers in by_seeker.items():
        for number, last in with_room([referrals[each] for each in numbers], numbers, period):
            referral, open_by_then = referrals[number], bisect_right(opened_on, referrals[number].made_on)
            age = period.date(referral.made_on).year + 1 - birth_years[seeker]
            if age > _MOST_AGE or not open_by_then or rng.random() >= _BROKEN_OFF:
                continue
            vacancy = posted[rng.randrange(open_by_then)]
            if vacancies[vacancy].openings == MOST_OPENINGS:
                continue
            vacancies[vacancy] = replace(vacancies[vacancy], openings=vacancies[vacancy].openings + 1)
            referrals[number] = _in_vain(referral, vacancy, last, period, rng)
            break
    return replace(matching, vacancies=vacancies, referrals=referrals)


def with_room(of: Sequence[Referral], numbers: Sequence[int], period: Period) -> list[tuple[int, int]]:
    """Give those of a person's referrals after which there is room, with the last day of it: nothing else that the plan
    has for the person in matching comes in that time."""
    if any(referral.internship for referral in of):
        return []
    found: list[tuple[int, int]] = []
    busy = 0
    for place, (referral, number) in enumerate(zip(of, numbers, strict=True)):
        last = of[place + 1].made_on - 1 if place + 1 < len(of) else period.last
        free = referral.made_on > busy and referral.placed_on is None
        if free and last - referral.made_on >= _ROOM:
            found.append((number, last))
        busy = max(busy, referral.made_on, referral.answered.on if referral.answered else 0)
    return found


def taken_up(referral: Referral, period: Period, rng: random.Random) -> tuple[Answered, int]:
    """Draw when a referral is accepted, and the day on which what comes of it begins."""
    accepted_on = period.working_day(referral.made_on + rng.randint(*_TO_ANSWER))
    return Answered("accepted", None, accepted_on), period.working_day(accepted_on + rng.randint(*_TO_START))


def _in_vain(referral: Referral, vacancy: int, last: int, period: Period, rng: random.Random) -> Referral:
    accepted, started_on = taken_up(referral, period, rng)
    on = min(last, period.working_day(started_on + rng.randint(*_LASTS)))
    return replace(
        referral,
        vacancy=vacancy,
        answered=accepted,
        broken_off=BrokenOff(started_on, on, rng.choice(_BY)),
    )
