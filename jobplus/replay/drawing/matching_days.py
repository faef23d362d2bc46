"""What is done in matching on each day, in stages that keep every rule."""

import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from jobplus.replay.drawing import forms
from jobplus.replay.drawing.referrals import Matching
from jobplus.replay.drawing.unplanned import Unplanned
from jobplus.replay.driving.actions import Action, Form, Kind, Stage, Thing, stages
from jobplus.replay.driving.kinds import (
    ANSWER_REFERRAL,
    BREAK_OFF_INTERNSHIP,
    COMPLETE_INTERNSHIP,
    CONVERT_INTERNSHIP,
    CORRECT_PLACEMENT,
    MAKE_REFERRAL,
    OPEN_FOUND_VACANCY,
    OPEN_VACANCY,
    PLACE,
    START_INTERNSHIP,
    WITHDRAW_REFERRAL,
)
from jobplus.replay.planning.calendar import Period

_NOTHING: Form = {}
_WHY_CORRECTED: Form = {"reason": "never_started"}


def matching_days(
    matching: Matching,
    joined_on: Sequence[int],
    unplanned: Unplanned,
    period: Period,
    rng: random.Random,
) -> Iterator[tuple[Stage, ...]]:
    """Give the stages of each day, in order; `joined_on` holds the employers' days, in order.

    `unplanned` tells which member's vacancy a visit found; any member opens the others.

    Vacancies open first. Then referrals of earlier days are answered or taken back; internships begun before the day
    are completed or broken off, and placements that never were are corrected; then a day's own referrals are made and
    those that are answered at once are, in rounds, as someone can be referred to a vacancy again only after a refusal.
    Internships that start and placements come last: they take a person out of the pool and may fill a vacancy, which
    would spoil a referral.
    """
    days, upon = _by_day(matching), partial(_upon, matching)
    referral = 0
    for day in range(period.length):
        members = bisect_right(joined_on, day)
        opening = (_opening(matching, number, members, unplanned, period, rng) for number in days.opened[day])
        rounds: list[list[Action]] = []
        while referral < len(matching.referrals) and (made := matching.referrals[referral]).made_on == day:
            while len(rounds) < 2 * made.round + 2:
                rounds.append([])
            rounds[2 * made.round].append(_making(matching, referral, unplanned))
            if made.answered is not None and made.answered.on == day:
                rounds[2 * made.round + 1].append(_answer(matching, referral))
            referral += 1
        answers = (_answer_to(matching, number, unplanned) for number in days.answered[day])
        starts = [upon(number, START_INTERNSHIP, "referral", "internship") for number in days.started[day]]
        at_once = {number for number in days.completed[day] if number in days.started[day]}
        ended = (
            upon(number, COMPLETE_INTERNSHIP, "internship") for number in days.completed[day] if number not in at_once
        )
        broken_off = (_broken_off(matching, number) for number in days.broken_off[day])
        corrected = (Action(CORRECT_PLACEMENT, {"placement": number}, _WHY_CORRECTED) for number in days.corrected[day])
        ended_at_once = (upon(number, COMPLETE_INTERNSHIP, "internship") for number in sorted(at_once))
        placements = (
            upon(number, CONVERT_INTERNSHIP, "internship")
            if matching.referrals[number].internship
            else upon(number, PLACE, "referral", "placement")
            for number in days.placed[day]
        )
        last = starts, ended_at_once, placements
        yield stages(opening, answers, chain(ended, broken_off, corrected), *rounds, *last)


_Numbers = defaultdict[int, list[int]]


@dataclass(slots=True)
class _Days:
    """By day the vacancies that open, and by their referrals what becomes of those of earlier days, or of the day."""

    opened: _Numbers = field(default_factory=lambda: _Numbers(list))
    answered: _Numbers = field(default_factory=lambda: _Numbers(list))
    started: _Numbers = field(default_factory=lambda: _Numbers(list))
    completed: _Numbers = field(default_factory=lambda: _Numbers(list))
    broken_off: _Numbers = field(default_factory=lambda: _Numbers(list))
    placed: _Numbers = field(default_factory=lambda: _Numbers(list))
    corrected: _Numbers = field(default_factory=lambda: _Numbers(list))


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
        if referral.broken_off is not None:
            days.started[referral.broken_off.started_on].append(number)
            days.broken_off[referral.broken_off.on].append(number)
        if referral.placed_on is not None:
            days.placed[referral.placed_on].append(number)
        if referral.never_started is not None:
            days.placed[referral.never_started.placed_on].append(number)
            days.corrected[referral.never_started.corrected_on].append(number)
    return days


def _opening(
    matching: Matching, number: int, members: int, unplanned: Unplanned, period: Period, rng: random.Random
) -> Action:
    vacancy = matching.vacancies[number]
    form = forms.vacancy(vacancy.post, vacancy.openings, rng)
    if number in unplanned.deadlines:
        form = {**form, "deadline": period.date(unplanned.deadlines[number]).isoformat()}
    employer, found_by = rng.randrange(members), unplanned.found_by.get(number)
    while employer in unplanned.departing:
        employer -= 1
    if found_by is not None:
        return Action(OPEN_FOUND_VACANCY, {"vacancy": number, **found_by}, form)
    return Action(OPEN_VACANCY, {"vacancy": number, "employer": employer}, form)


def _making(matching: Matching, number: int, unplanned: Unplanned) -> Action:
    referral, override = matching.referrals[number], unplanned.overrides.get(number)
    form = {} if override is None else {"override": override}
    return Action(MAKE_REFERRAL, {"referral": number, "seeker": referral.seeker, "vacancy": referral.vacancy}, form)


def _upon(matching: Matching, number: int, kind: Kind, *things: Thing, form: Form = _NOTHING) -> Action:
    """Make an action of whoever was referred; the things that it is about, or gives, have the referral's number."""
    return Action(kind, {"seeker": matching.referrals[number].seeker, **dict.fromkeys(things, number)}, form)


def _answer_to(matching: Matching, number: int, unplanned: Unplanned) -> Action:
    """Give the answer to a referral of an earlier day, or how it is taken back instead."""
    reason = unplanned.taken_back.get(number)
    if reason is None:
        return _answer(matching, number)
    return _upon(matching, number, WITHDRAW_REFERRAL, "referral", form={"reason": reason})


def _answer(matching: Matching, number: int) -> Action:
    answered = matching.referrals[number].answered
    assert answered is not None
    form: dict[str, object] = {"answer": answered.answer}
    if answered.reason is not None:
        form["reason"] = answered.reason
    return _upon(matching, number, ANSWER_REFERRAL, "referral", form=form)


def _broken_off(matching: Matching, number: int) -> Action:
    broken_off = matching.referrals[number].broken_off
    assert broken_off is not None
    return _upon(matching, number, BREAK_OFF_INTERNSHIP, "internship", form={"by": broken_off.by})
