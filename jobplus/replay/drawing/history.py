"""A history that meets a plan exactly when it is driven: the same for the same plan and seed.

The days, people, vacancies, referrals and sessions are drawn at once, as numbers; the actions and their forms are made
day by day, as they are asked for. Nothing depends on the time or on hash values.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from jobplus.replay.drawing import (
    unplanned_care,
    unplanned_counsellors,
    unplanned_firms,
    unplanned_leaving,
    unplanned_matching,
    unplanned_members,
    unplanned_records,
    unplanned_seekers,
)
from jobplus.replay.drawing.away import absences
from jobplus.replay.drawing.broken_off import with_broken_off
from jobplus.replay.drawing.handover import handover
from jobplus.replay.drawing.intake_days import Intake, intake_days
from jobplus.replay.drawing.matching_days import matching_days
from jobplus.replay.drawing.never_started import with_never_started
from jobplus.replay.drawing.people import birth_year, people
from jobplus.replay.drawing.referrals import Matching, matching
from jobplus.replay.drawing.sessions import counselling
from jobplus.replay.drawing.surveys import HeldSurvey, surveys
from jobplus.replay.drawing.top_occupations import TooFewUnplaced, lead_as_planned
from jobplus.replay.drawing.unplanned import Draw, SoFar, Unplanned, by_day
from jobplus.replay.drawing.unplanned_matching import deadlines, deadlines_before_hires, taken_back
from jobplus.replay.driving.actions import Day, Stage, stages
from jobplus.replay.driving.kinds import LEAVE_EMPLOYER
from jobplus.replay.planning.calendar import Period, period
from jobplus.replay.planning.model import Plan

_ATTEMPTS = 200
"""Histories drawn until enough are unplaced at the end of the year whose top occupations the plan names."""

DRAWS: tuple[Draw, ...] = (
    *unplanned_care.DRAWN,
    *unplanned_seekers.DRAWN,
    *unplanned_leaving.DRAWN,
    *unplanned_records.DRAWN,
    *unplanned_counsellors.DRAWN,
    *unplanned_firms.DRAWN,
    *unplanned_members.DRAWN,
    *unplanned_matching.DRAWN,
)
"""All draws beside the plan, in their order: each may go by what those before it have drawn."""


@dataclass(frozen=True, slots=True)
class DrawnHistory:
    """A history of a period: what happens in the two services, until its days are asked for as numbers only.

    `unplanned` is what goes on that the plan says nothing of.
    """

    period: Period
    seed: int
    intake: Intake
    matching: Matching
    unplanned: Unplanned
    surveys: tuple[HeldSurvey, ...] = ()

    @property
    def total(self) -> int:
        """How many actions there are, on all days."""
        return self.intake.total + self.matching.total + self.unplanned.total

    @property
    def days(self) -> Iterator[Day]:
        """Give every day from the first to the last, those without actions too; each time from the start.

        The stages of a day are driven one after the other, intake's before matching's; matching may stay days behind
        intake, as nothing that comes later in intake spoils anything in matching.
        """
        in_intake = intake_days(self.intake, self.period, self.seed)
        joined_on = self.intake.joined_on
        rng = random.Random(f"{self.seed} matching")
        in_matching = matching_days(self.matching, joined_on, self.unplanned, self.period, rng)
        for number, (at_intake, at_matching) in enumerate(zip(in_intake, in_matching, strict=True)):
            at_intake = _joined(at_intake, self.unplanned.of_intake(number))
            first, rest = at_matching[:1], at_matching[1:]
            with_first = (*chain.from_iterable(first), *self.unplanned.of_matching(number))
            yield Day(self.period.date(number), at_intake, (*stages(with_first), *rest))


def history(plan: Plan, seed: int) -> DrawnHistory:
    """Make up a history that meets a plan, which has passed its checks, to the last figure."""
    for attempt in range(_ATTEMPTS):
        with suppress(TooFewUnplaced):
            return _history(plan, seed, attempt)
    return _history(replace(plan, unplaced_top_occupations=None), seed, _ATTEMPTS)


def _history(plan: Plan, seed: int, attempt: int) -> DrawnHistory:
    rng = random.Random(f"{seed} {attempt}")
    days = period(plan.from_, plan.to)
    registering = people(plan, days, rng, attempt)
    dealings = matching(plan, registering, days, rng)
    registering = lead_as_planned(plan, registering, dealings.placed_on, days, rng)
    young_on = dealings.last_to_internship
    birth_years = [
        birth_year(
            person,
            days.date(person.registered_on).year,
            _year(days, dealings.placed_on.get(number)),
            _year(days, young_on.get(number)),
            rng,
        )
        for number, person in enumerate(registering)
    ]
    dealings = with_broken_off(dealings, birth_years, days, seed)
    dealings = with_never_started(dealings, days, seed)
    joined_on = days.arrivals(plan.employers, rng)
    if joined_on:
        joined_on[0] = 0  # so that there is a member for whatever vacancy comes first
    held = counselling(plan, registering, days, rng)
    away = absences(plan.counsellors, days, random.Random(f"{seed} absences"))
    handed_over = handover(plan.counsellors, away, days, random.Random(f"{seed} handover"))
    intake = Intake(plan.counsellors, joined_on, registering, birth_years, held, away, handed_over)
    asking = surveys(plan, random.Random(f"{seed} surveys"))
    surveyed_by = max(((survey.on - plan.from_).days for survey in asking), default=-1)
    unplanned = _unplanned(SoFar(intake, dealings, surveyed_by, days, seed))
    return DrawnHistory(days, seed, intake, dealings, unplanned, asking)


def _joined(planned: Sequence[Stage], unplanned: Sequence[Stage]) -> tuple[Stage, ...]:
    """Join the stages of a day: the unplanned go with the plan's second stage and the following.

    By then everyone of the day is registered, and nothing else that the plan has on the day meets them.
    """
    pairs = zip_longest(planned[1:], unplanned, fillvalue=())
    return (*planned[:1], *((*one, *other) for one, other in pairs))


def _unplanned(so_far: SoFar) -> Unplanned:
    for draw in DRAWS:
        so_far.dated.extend([*draw(so_far)])
    matching, seed = so_far.matching, so_far.seed
    return Unplanned(
        by_day(dated for dated in so_far.dated if dated[1].kind.service == "intake"),
        by_day(dated for dated in so_far.dated if dated[1].kind.service == "matching"),
        found_by=so_far.found_by,
        deadlines={**dict(deadlines(matching, seed)), **dict(deadlines_before_hires(matching, seed))},
        overrides=so_far.overrides,
        taken_back=dict(taken_back(matching, seed)),
        departing={action.refs["employer"] for _, action in so_far.of(LEAVE_EMPLOYER)},
    )


def _year(days: Period, day: int | None) -> int | None:
    return None if day is None else days.date(day).year
