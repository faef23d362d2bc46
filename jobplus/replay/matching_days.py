"""What is done in matching on each day, in stages that keep every rule."""

import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jobplus.replay import forms
from jobplus.replay.actions import (
    Action,
    AnswerReferral,
    CompleteInternship,
    ConvertInternship,
    MakeReferral,
    OpenVacancy,
    Place,
    Stage,
    StartInternship,
    stages,
)
from jobplus.replay.beside import Find
from jobplus.replay.calendar import Period
from jobplus.replay.referrals import Matching


def matching_days(
    matching: Matching,
    joined_on: Sequence[int],
    finds: Mapping[int, Find],
    period: Period,
    rng: random.Random,
) -> Iterator[tuple[Stage, ...]]:
    """Give the stages of each day, in order; `joined_on` holds the employers' days, in order.

    `finds` tells by vacancy which member's it is and which visit found it; any member opens the others.

    Vacancies open first. Then referrals of earlier days are answered, and internships begun before the day are
    completed; then a day's own referrals are made and those that are answered at once are, in rounds, as someone can be
    referred to a vacancy again only after a refusal. Internships that start and placements come last: they take a
    person out of the pool and may fill a vacancy, which would spoil a referral.
    """
    days = _by_day(matching)
    referral = 0
    for day in range(period.length):
        opening = (_opening(matching, number, bisect_right(joined_on, day), finds, rng) for number in days.opened[day])
        rounds: list[list[Action]] = []
        while referral < len(matching.referrals) and (made := matching.referrals[referral]).made_on == day:
            while len(rounds) < 2 * made.round + 2:
                rounds.append([])
            rounds[2 * made.round].append(MakeReferral(referral, made.seeker, made.vacancy))
            if made.answered is not None and made.answered.on == day:
                rounds[2 * made.round + 1].append(_answer(matching, referral))
            referral += 1
        answers = (_answer(matching, number) for number in days.answered[day])
        starts = [StartInternship(number) for number in days.started[day]]
        at_once = {number for number in days.completed[day] if number in days.started[day]}
        completed = (CompleteInternship(number) for number in days.completed[day] if number not in at_once)
        placements = (
            ConvertInternship(number) if matching.referrals[number].internship else Place(number)
            for number in days.placed[day]
        )
        yield stages(opening, answers, completed, *rounds, starts, map(CompleteInternship, sorted(at_once)), placements)


_Numbers = defaultdict[int, list[int]]


@dataclass(slots=True)
class _Days:
    """By day the vacancies that open, and by their referrals what becomes of those of earlier days, or of the day."""

    opened: _Numbers = field(default_factory=lambda: _Numbers(list))
    answered: _Numbers = field(default_factory=lambda: _Numbers(list))
    started: _Numbers = field(default_factory=lambda: _Numbers(list))
    completed: _Numbers = field(default_factory=lambda: _Numbers(list))
    placed: _Numbers = field(default_factory=lambda: _Numbers(list))


def _by_day(matching: Matching) -> _Days:
    days = _Days()
    for number, vacancy in enumerate(matching.vacancies):
        days.opened[vacancy.opened_on].append(number)
    for number, referral in enumerate(matching.referrals):
        if referral.answered is not None and referral.answered.on > referral.made_on:
            days.answered[referral.answered.on].append(number)
        if referral.internship is not None:
            days.started[referral.internship.started_on].append(number)
            days.completed[referral.internship.completed_on].append(number)
        if referral.placed_on is not None:
            days.placed[referral.placed_on].append(number)
    return days


def _opening(
    matching: Matching, number: int, members: int, finds: Mapping[int, Find], rng: random.Random
) -> OpenVacancy:
    vacancy = matching.vacancies[number]
    form = forms.vacancy(vacancy.post, vacancy.openings, rng)
    employer, find = rng.randrange(members), finds.get(number)
    return OpenVacancy(number, find.employer, form, find.visit) if find else OpenVacancy(number, employer, form)


def _answer(matching: Matching, number: int) -> AnswerReferral:
    answered = matching.referrals[number].answered
    assert answered is not None
    return AnswerReferral(number, answered.answer, answered.reason)
