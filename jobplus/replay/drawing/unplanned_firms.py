"""What is unplanned of firms: hiring plans, prospects, and visits after a year's end."""

import random
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from contracts.codes import OCCUPATIONS, Occupation
from jobplus.replay.drawing import forms
from jobplus.replay.drawing.intake_days import Intake
from jobplus.replay.drawing.unplanned import Find, Unplanned
from jobplus.replay.drawing.vacancies import Vacancy
from jobplus.replay.driving.actions import Action, Form, Thing
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
class _LargePlan:
    """A member's plan to hire ten or more: in which occupations, and the first and the last day on which it holds."""

    occupations: Sequence[Occupation]
    filed_on: int
    holds_until: int


@dataclass(frozen=True, slots=True)
class _Visit:
    """A visit, which has its place among all of them as its number, but for what is filed on the spot."""

    day: int
    employer: int
    counsellor: int
    form: Form


def add_firms(found: Unplanned, intake: Intake, vacancies: Sequence[Vacancy], period: Period, seed: int) -> None:
    """Draw the hiring plans, the prospects and the visits, with those of the plan's vacancies that they find."""
    rng, joined_on, numbers = random.Random(f"{seed} firms"), intake.joined_on, count()
    planning = _plans(found, joined_on, numbers, period, rng)
    listed_on = _prospects(found, len(joined_on), period, rng)
    of_prospects = random.Random(f"{seed} prospects")
    for prospect, day in listed_on.items():
        on = day + of_prospects.randint(*_AFTER_LISTING)
        if of_prospects.random() < _PLANNING_PROSPECTS and on <= period.last:
            _file(found, next(numbers), prospect, period.working_day(on), period, of_prospects)
    if intake.counsellors:
        visits = _visits(planning, intake.counsellors, period, rng)
        visits = _finds(found, visits, planning, vacancies, random.Random(f"{seed} finds"))
        visits += _visits_to_prospects(listed_on, intake.counsellors, period, of_prospects)
        visits = [replace(visit, counsellor=intake.serving(visit.counsellor, visit.day)) for visit in visits]
        _make(found, visits, numbers, period, random.Random(f"{seed} on the spot"))


def _prospects(found: Unplanned, members: int, period: Period, rng: random.Random) -> Mapping[int, int]:
    """Have firms listed; give the day of each by its number, which follows on those of the members."""
    listed_on: dict[int, int] = {}
    for number in range(members, members + int(members * _PROSPECTS)):
        form = {**forms.employer(number, rng), "size": rng.choice(("small", "mid")), "programmes": ["hi_seoul_brand"]}
        listed_on[number] = period.working_day(rng.randrange(period.length))
        found.intake[listed_on[number]].append(Action(LIST_PROSPECT, {"employer": number}, form))
    return listed_on


def _plans(
    found: Unplanned, joined_on: Sequence[int], numbers: Iterator[int], period: Period, rng: random.Random
) -> Mapping[int, _LargePlan]:
    """Have members file plans; give those of ten or more by member."""
    large: dict[int, _LargePlan] = {}
    for employer, joined in enumerate(joined_on):
        if rng.random() >= _PLANNING:
            continue
        day = period.working_day(rng.randint(joined, period.last))
        openings, plan = _file(found, next(numbers), employer, day, period, rng)
        if openings >= _FEWEST_TO_VISIT:
            large[employer] = plan
    return large


def _file(
    found: Unplanned, number: int, employer: int, day: int, period: Period, rng: random.Random
) -> tuple[int, _LargePlan]:
    """Have a firm file a plan, a third of them for ten or more; give how many it plans to hire, and the plan."""
    openings = rng.randint(_FEWEST_TO_VISIT, 40) if rng.random() < 1 / 3 else rng.randint(1, 9)
    holds = rng.randint(60, 365)
    occupations = rng.sample(OCCUPATIONS, rng.randint(1, 3))
    form = {
        "openings": openings,
        "occupations": occupations,
        "hire_by": date.fromordinal(period.date(day).toordinal() + holds).isoformat(),
        "converts_interns": rng.random() < 0.2,
    }
    found.intake[day].append(Action(FILE_PLAN, {"plan": number, "employer": employer}, form))
    return openings, _LargePlan(occupations, day, day + holds)


def _visits(planning: Mapping[int, _LargePlan], counsellors: int, period: Period, rng: random.Random) -> list[_Visit]:
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
    listed_on: Mapping[int, int], counsellors: int, period: Period, rng: random.Random
) -> list[_Visit]:
    """Draw the visits to prospects; they find no vacancy, as only members open one."""
    visits: list[_Visit] = []
    for prospect, day in listed_on.items():
        if rng.random() < _VISITED_PROSPECTS and (on := day + rng.randint(*_AFTER_LISTING)) <= period.last:
            visits.append(_Visit(period.working_day(on), prospect, rng.randrange(counsellors), {"officials": 1}))
    return visits


def _make(
    found: Unplanned, visits: Sequence[_Visit], numbers: Iterator[int], period: Period, rng: random.Random
) -> None:
    """Have the visits made; at some of them the firm files a plan on the spot."""
    for number, visit in enumerate(visits):
        filed: dict[Thing, int] = {}
        if rng.random() < _ON_THE_SPOT:
            filed["plan"] = next(numbers)
            _file(found, filed["plan"], visit.employer, visit.day, period, rng)
        made = Action(
            RECORD_VISIT,
            {"visit": number, "employer": visit.employer, "counsellor": visit.counsellor, **filed},
            visit.form,
        )
        found.matching[visit.day].append(made)


def _finds(
    found: Unplanned,
    visits: Sequence[_Visit],
    planning: Mapping[int, _LargePlan],
    vacancies: Sequence[Vacancy],
    rng: random.Random,
) -> list[_Visit]:
    """Have each visit find some of the vacancies that open after it, of the occupations planned where there are any."""
    made: list[_Visit] = []
    for number, visit in enumerate(visits):
        first, last = (bisect_right(vacancies, by, key=_opened_on) for by in (visit.day, visit.day + _FOUND_WITHIN))
        free = [each for each in range(first, last) if each not in found.finds]
        wanted = planning[visit.employer].occupations
        planned = [each for each in free if vacancies[each].post.occupation in wanted]
        among = planned or free
        finds = rng.sample(among, min(rng.choice(_FINDS), len(among)))
        found.finds.update(dict.fromkeys(finds, Find(visit.employer, number)))
        made.append(replace(visit, form={**visit.form, "vacancies_found": len(finds)}))
    return made


def _opened_on(vacancy: Vacancy) -> int:
    return vacancy.opened_on
