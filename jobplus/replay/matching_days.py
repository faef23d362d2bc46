"""What is done in matching on each day, in stages that keep every rule: see `matching_days`."""

import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

from jobplus.replay import forms
from jobplus.replay.actions import Action, AnswerReferral, MakeReferral, OpenVacancy, Place, Stage, stages
from jobplus.replay.calendar import Period
from jobplus.replay.referrals import Matching


def matching_days(
    matching: Matching, joined_on: Sequence[int], period: Period, rng: random.Random
) -> Iterator[tuple[Stage, ...]]:
    """Give the stages of each day, in order; `joined_on` holds the employers' days, in order.

    Vacancies open first. Then referrals of earlier days are answered; then a day's own referrals are made and those
    that are answered at once are, in rounds, as someone can be referred to a vacancy again only after a refusal.
    Placements come last: they take a person out of the pool and may fill a vacancy, which would spoil a referral.
    """
    opened, later, placed = _by_day(matching)
    referral = 0
    for day in range(period.length):
        opening = (_opening(matching, number, bisect_right(joined_on, day), rng) for number in opened[day])
        rounds: list[list[Action]] = []
        while referral < len(matching.referrals) and (made := matching.referrals[referral]).made_on == day:
            while len(rounds) < 2 * made.round + 2:
                rounds.append([])
            rounds[2 * made.round].append(MakeReferral(referral, made.seeker, made.vacancy))
            if made.answered is not None and made.answered.on == day:
                rounds[2 * made.round + 1].append(_answer(matching, referral))
            referral += 1
        answers = (_answer(matching, number) for number in later[day])
        placements = (Place(number) for number in placed[day])
        yield stages(opening, answers, *rounds, placements)


_Numbers = defaultdict[int, list[int]]


def _by_day(matching: Matching) -> tuple[_Numbers, _Numbers, _Numbers]:
    """Give by day the vacancies that open, the referrals of earlier days that are answered, and those placed."""
    opened, later, placed = _Numbers(list), _Numbers(list), _Numbers(list)
    for number, vacancy in enumerate(matching.vacancies):
        opened[vacancy.opened_on].append(number)
    for number, referral in enumerate(matching.referrals):
        if referral.answered is not None and referral.answered.on > referral.made_on:
            later[referral.answered.on].append(number)
        if referral.placed_on is not None:
            placed[referral.placed_on].append(number)
    return opened, later, placed


def _opening(matching: Matching, number: int, members: int, rng: random.Random) -> OpenVacancy:
    vacancy = matching.vacancies[number]
    form = forms.vacancy(vacancy.occupation, vacancy.openings, rng)
    return OpenVacancy(number, rng.randrange(members), form)


def _answer(matching: Matching, number: int) -> AnswerReferral:
    answered = matching.referrals[number].answered
    assert answered is not None
    return AnswerReferral(number, answered.answer, answered.reason)
