"""What is unplanned of firms: hiring plans, prospects, and visits after a year's end."""

import random
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from contracts.codes import OCCUPATIONS, Occupation
from jobplus.replay.drawing import forms
from jobplus.replay.drawing.unplanned import Dated, Draw, SoFar
from jobplus.replay.drawing.vacancies import Vacancy
from jobplus.replay.driving.actions import Action, Form, Refs, Thing
from jobplus.replay.driving.kinds import FILE_PLAN, LIST_PROSPECT, RECORD_VISIT
from jobplus.replay.planning.calendar import Period

_PLANNING = 0.03
"""Of the members, who file a hiring plan."""
_PROSPECTS = 0.005
"""Firms that are listed as prospects, for each member."""
_PLANNING_PROSPECTS, _VISITED_PROSPECTS = 0.3, 0.3
"""Of the prospects: who file a hiring plan, and who are visited without being on the visit list."""
_AFTER_LISTING = (7, 60)
"""Days after its listing in which a prospect does, or is."""
_ON_THE_SPOT = 0.25
"""Of the visits, those at which a plan is filed."""
_VISITED = 0.7
"""Of the members that plan to hire ten or more when a year begins."""
_VISITS_FROM, _VISITS_TO = 15, 60
"""Days of the year in which these are visited."""
_FEWEST_TO_VISIT = 10
_FINDS = (0, 1, 1, 2, 3)
"""How many vacancies a visit finds."""
_FOUND_WITHIN = 60
"""Days after a visit in which these open."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """A firm's plan to hire: how many, in which occupations, and the first and the last day on which it holds."""

    openings: int
    occupations: Sequence[Occupation]
    filed_on: int
    holds_until: int
    filing: Action

    @property
    def dated(self) -> Dated:
        return self.filed_on, self.filing


@dataclass(frozen=True, slots=True)
class _Visit:
    """A visit, whose number is its place among all of them; whether a plan is filed at it is drawn apart."""

    day: int
    employer: int
    counsellor: int
    form: Form


def firms(so_far: SoFar) -> Iterator[Dated]:
    """Have members file hiring plans, other firms listed as prospects, and firms visited: members that plan to hire ten
    or more when a year has begun, which finds some of the vacancies that the plan counts, and some prospects. Some
    prospects file plans, too, and at some visits a plan is filed on the spot."""
    intake, period, seed = so_far.intake, so_far.period, so_far.seed
    rng, numbers = random.Random(f"{seed} firms"), count()
    plans = _plans(intake.joined_on, numbers, period, rng)
    listings = _listings(len(intake.joined_on), period, rng)
    of_prospects = random.Random(f"{seed} prospects")
    later = [*_plans_of_prospects(listings, numbers, period, of_prospects)]
    yield from (*(plan.dated for plan in plans.values()), *listings.values(), *(plan.dated for plan in later))
    if not intake.counsellors:
        return
    large = {employer: plan for employer, plan in plans.items() if plan.openings >= _FEWEST_TO_VISIT}
    visits = _visits(large, intake.counsellors, period, rng)
    visits, found_by = _finds(visits, large, so_far.matching.vacancies, random.Random(f"{seed} finds"))
    so_far.found_by.update(found_by)
    visits += _visits_to_prospects(listings, intake.counsellors, period, of_prospects)
    visits = [replace(visit, counsellor=intake.serving(visit.counsellor, visit.day)) for visit in visits]
    on_the_spot = _filed_on_the_spot(visits, numbers, period, random.Random(f"{seed} on the spot"))
    yield from (plan.dated for plan in on_the_spot.values())
    yield from (_made(number, visit, on_the_spot.get(number)) for number, visit in enumerate(visits))


def _plans(joined_on: Sequence[int], numbers: Iterator[int], period: Period, rng: random.Random) -> dict[int, _Plan]:
    """Have members file plans; give them by member."""
    plans: dict[int, _Plan] = {}
    for employer, joined in enumerate(joined_on):
        if rng.random() < _PLANNING:
            day = period.working_day(rng.randint(joined, period.last))
            plans[employer] = _plan(next(numbers), employer, day, period, rng)
    return plans


def _plan(number: int, employer: int, day: int, period: Period, rng: random.Random) -> _Plan:
    """Draw the plan of a firm: a third of them are for ten or more."""
    openings = rng.randint(_FEWEST_TO_VISIT, 40) if rng.random() < 1 / 3 else rng.randint(1, 9)
    holds = rng.randint(60, 365)
    occupations = rng.sample(OCCUPATIONS, rng.randint(1, 3))
    form = {
        "openings": openings,
        "occupations": occupations,
        "hire_by": date.fromordinal(period.date(day).toordinal() + holds).isoformat(),
        "converts_interns": rng.random() < 0.2,
    }
    filing = Action(FILE_PLAN, {"plan": number, "employer": employer}, form)
    return _Plan(openings, occupations, day, day + holds, filing)


def _listings(members: int, period: Period, rng: random.Random) -> dict[int, Dated]:
    """Have firms listed; give that by their numbers, which follow on those of the members."""
    listings: dict[int, Dated] = {}
    for number in range(members, members + int(members * _PROSPECTS)):
        form = {**forms.employer(number, rng), "size": rng.choice(("small", "mid")), "programmes": ["hi_seoul_brand"]}
        day = period.working_day(rng.randrange(period.length))
        listings[number] = day, Action(LIST_PROSPECT, {"employer": number}, form)
    return listings


def _plans_of_prospects(
    listings: Mapping[int, Dated], numbers: Iterator[int], period: Period, rng: random.Random
) -> Iterator[_Plan]:
    for prospect, (day, _) in listings.items():
        on = day + rng.randint(*_AFTER_LISTING)
        if rng.random() < _PLANNING_PROSPECTS and on <= period.last:
            yield _plan(next(numbers), prospect, period.working_day(on), period, rng)


def _visits(planning: Mapping[int, _Plan], counsellors: int, period: Period, rng: random.Random) -> list[_Visit]:
    """Draw the visits to members."""
    visits: list[_Visit] = []
    for year in range(period.starts_on.year + 1, period.date(period.last).year + 1):
        begins = (date(year, 1, 1) - period.starts_on).days
        for employer, plan in planning.items():
            day = period.working_day(begins + rng.randint(_VISITS_FROM, _VISITS_TO))
            visited = rng.random() < _VISITED
            if visited and plan.filed_on < day <= plan.holds_until and begins + _VISITS_FROM <= period.last:
                form = {"officials": rng.randint(1, 2)}
                visits.append(_Visit(day, employer, rng.randrange(counsellors), form))
    return visits


def _visits_to_prospects(
    listings: Mapping[int, Dated], counsellors: int, period: Period, rng: random.Random
) -> Iterator[_Visit]:
    """Draw the visits to prospects; they find no vacancy, as only members open one."""
    for prospect, (day, _) in listings.items():
        if rng.random() < _VISITED_PROSPECTS and (on := day + rng.randint(*_AFTER_LISTING)) <= period.last:
            yield _Visit(period.working_day(on), prospect, rng.randrange(counsellors), {"officials": 1})


def _filed_on_the_spot(
    visits: Sequence[_Visit], numbers: Iterator[int], period: Period, rng: random.Random
) -> dict[int, _Plan]:
    """Have plans filed at some of the visits; give them by the visit's number."""
    return {
        number: _plan(next(numbers), visit.employer, visit.day, period, rng)
        for number, visit in enumerate(visits)
        if rng.random() < _ON_THE_SPOT
    }


def _made(number: int, visit: _Visit, on_the_spot: _Plan | None) -> Dated:
    refs: dict[Thing, int] = {"visit": number, "employer": visit.employer, "counsellor": visit.counsellor}
    if on_the_spot is not None:
        refs["plan"] = on_the_spot.filing.refs["plan"]
    return visit.day, Action(RECORD_VISIT, refs, visit.form)


def _finds(
    visits: Sequence[_Visit], planning: Mapping[int, _Plan], vacancies: Sequence[Vacancy], rng: random.Random
) -> tuple[list[_Visit], Mapping[int, Refs]]:
    """Have each visit find some of the vacancies that open after it, of the occupations planned where there are any.

    Gives the visits with how many they find, and the vacancies that are found, by their numbers.
    """
    finding, found_by = list[_Visit](), dict[int, Refs]()
    for number, visit in enumerate(visits):
        first, last = (bisect_right(vacancies, by, key=_opened_on) for by in (visit.day, visit.day + _FOUND_WITHIN))
        free = [each for each in range(first, last) if each not in found_by]
        wanted = planning[visit.employer].occupations
        planned = [each for each in free if vacancies[each].post.occupation in wanted]
        among = planned or free
        finds = rng.sample(among, min(rng.choice(_FINDS), len(among)))
        found_by.update((each, {"employer": visit.employer, "visit": number}) for each in finds)
        finding.append(replace(visit, form={**visit.form, "vacancies_found": len(finds)}))
    return finding, found_by


def _opened_on(vacancy: Vacancy) -> int:
    return vacancy.opened_on


DRAWN: tuple[Draw, ...] = (firms,)
