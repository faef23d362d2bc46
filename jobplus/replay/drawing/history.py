"""A history that meets a plan exactly when it is driven: the same for the same plan and seed.

The days, people, vacancies, referrals and sessions are drawn at once, as numbers; the actions and their forms are made
day by day, as they are asked for. Nothing depends on the time or on hash values.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from jobplus.replay.drawing.away import absences, told_away
from jobplus.replay.drawing.broken_off import with_broken_off
from jobplus.replay.drawing.handover import handover, told_handover
from jobplus.replay.drawing.intake_days import Intake, intake_days
from jobplus.replay.drawing.matching_days import matching_days
from jobplus.replay.drawing.never_started import with_never_started
from jobplus.replay.drawing.people import birth_year, people
from jobplus.replay.drawing.referrals import Matching, matching
from jobplus.replay.drawing.sessions import counselling
from jobplus.replay.drawing.surveys import HeldSurvey, surveys
from jobplus.replay.drawing.top_occupations import TooFewUnplaced, lead_as_planned
from jobplus.replay.drawing.unplanned import Unplanned, by_day, seekers_of
from jobplus.replay.drawing.unplanned_care import total_care
from jobplus.replay.drawing.unplanned_firms import firms
from jobplus.replay.drawing.unplanned_leaving import leaving
from jobplus.replay.drawing.unplanned_matching import deadlines, deadlines_before_hires, postponed, taken_back
from jobplus.replay.drawing.unplanned_members import departures
from jobplus.replay.drawing.unplanned_records import erasures, twice
from jobplus.replay.drawing.unplanned_seekers import changes, consents, sos_care
from jobplus.replay.driving.actions import Day, Stage, stages
from jobplus.replay.planning.calendar import Period, period
from jobplus.replay.planning.model import Plan

_ATTEMPTS = 200
"""Histories drawn until enough are unplaced at the end of the year whose top occupations the plan names."""


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
    return DrawnHistory(days, seed, intake, dealings, _unplanned(intake, dealings, surveyed_by, days, seed), asking)


def _joined(planned: Sequence[Stage], unplanned: Sequence[Stage]) -> tuple[Stage, ...]:
    """Join the stages of a day: the unplanned go with the plan's second stage and the following.

    By then everyone of the day is registered, and nothing else that the plan has on the day meets them.
    """
    pairs = zip_longest(planned[1:], unplanned, fillvalue=())
    return (*planned[:1], *((*one, *other) for one, other in pairs))


def _unplanned(intake: Intake, dealings: Matching, surveyed_by: int, days: Period, seed: int) -> Unplanned:
    registered_on = [person.registered_on for person in intake.people]
    asking = [*sos_care(registered_on, days, seed)]
    care = total_care(registered_on, dealings.referrals, seekers_of(asking), days, seed)
    in_care = seekers_of(asking) | seekers_of(care.actions)
    left_alone = [number for number in range(len(registered_on)) if number not in in_care]
    gone = leaving(intake, dealings, left_alone, days, seed)
    in_vain = {referral.seeker for referral in dealings.referrals if referral.never_started}
    erased = [*erasures(gone.gone_on, in_vain, surveyed_by, days, seed)]
    kept = sorted({*left_alone} - seekers_of(erased))
    at_firms = firms(intake, dealings.vacancies, days, seed)
    departing = [*departures(intake.joined_on, at_firms.planning, days, seed)]
    return Unplanned(
        by_day(
            asking,
            care.actions,
            consents(registered_on, days, seed),
            changes(registered_on, left_alone, days, seed),
            gone.unplaced,
            gone.after_jobs,
            erased,
            twice(registered_on, kept, days, seed),
            (told_away(absence, days) for absence in intake.away),
            told_handover(intake.handover, days, seed) if intake.handover else (),
            at_firms.actions,
            departing,
        ),
        by_day(gone.found_alone, at_firms.visits, postponed(dealings, days, seed)),
        found_by=at_firms.found_by,
        deadlines={**dict(deadlines(dealings, seed)), **dict(deadlines_before_hires(dealings, seed))},
        overrides=care.overrides,
        taken_back=dict(taken_back(dealings, seed)),
        departing={action.refs["employer"] for _, action in departing},
    )


def _year(days: Period, day: int | None) -> int | None:
    return None if day is None else days.date(day).year
