"""Firms beside a plan: hiring plans, prospects, and visits after a year's end."""

import random
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from contracts.codes import OCCUPATIONS, Occupation
from jobplus.replay import forms
from jobplus.replay.actions import FilePlan, ListProspect, RecordVisit
from jobplus.replay.beside import Beside, Find
from jobplus.replay.calendar import Period
from jobplus.replay.intake_days import Intake
from jobplus.replay.vacancies import Vacancy

_PLANNING = 0.03
"""Of the members, who file a hiring plan; a third of these plan to hire ten or more."""
_PROSPECTS = 0.005
"""Firms that are listed as prospects, for each member."""
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


def add_firms(found: Beside, intake: Intake, vacancies: Sequence[Vacancy], period: Period, seed: int) -> None:
    """Draw the hiring plans, the prospects and the visits, with those of the plan's vacancies that they find."""
    rng, joined_on = random.Random(f"{seed} firms"), intake.joined_on
    planning = _plans(found, joined_on, period, rng)
    for number in range(len(joined_on), len(joined_on) + int(len(joined_on) * _PROSPECTS)):
        form = {**forms.employer(number, rng), "size": rng.choice(("small", "mid")), "programmes": ["hi_seoul_brand"]}
        found.intake[period.working_day(rng.randrange(period.length))].append(ListProspect(form))
    if intake.counsellors:
        visits = _visits(planning, intake.counsellors, period, rng)
        _finds(found, visits, planning, vacancies, random.Random(f"{seed} finds"))


def _plans(found: Beside, joined_on: Sequence[int], period: Period, rng: random.Random) -> Mapping[int, _LargePlan]:
    """Have members file plans; give those of ten or more by member."""
    large: dict[int, _LargePlan] = {}
    for employer, joined in enumerate(joined_on):
        if rng.random() >= _PLANNING:
            continue
        day = period.working_day(rng.randint(joined, period.last))
        openings = rng.randint(_FEWEST_TO_VISIT, 40) if rng.random() < 1 / 3 else rng.randint(1, 9)
        holds = rng.randint(60, 365)
        occupations = rng.sample(OCCUPATIONS, rng.randint(1, 3))
        form = {
            "openings": openings,
            "occupations": occupations,
            "hire_by": date.fromordinal(period.date(day).toordinal() + holds).isoformat(),
            "converts_interns": rng.random() < 0.2,
        }
        found.intake[day].append(FilePlan(employer, form))
        if openings >= _FEWEST_TO_VISIT:
            large[employer] = _LargePlan(occupations, day, day + holds)
    return large


def _visits(
    planning: Mapping[int, _LargePlan], counsellors: int, period: Period, rng: random.Random
) -> list[tuple[int, RecordVisit]]:
    """Draw the visits, each with its day."""
    visits: list[tuple[int, RecordVisit]] = []
    for year in range(period.starts_on.year + 1, period.date(period.last).year + 1):
        begins = (date(year, 1, 1) - period.starts_on).days
        for employer, plan in planning.items():
            day = period.working_day(begins + rng.randint(_VISITS_FROM, _VISITS_TO))
            visited = rng.random() < _VISITED
            if visited and plan.filed_on < day <= plan.holds_until and begins + _VISITS_FROM <= period.last:
                form = {"officials": rng.randint(1, 2)}
                visits.append((day, RecordVisit(len(visits), employer, rng.randrange(counsellors), form)))
    return visits


def _finds(
    found: Beside,
    visits: Sequence[tuple[int, RecordVisit]],
    planning: Mapping[int, _LargePlan],
    vacancies: Sequence[Vacancy],
    rng: random.Random,
) -> None:
    """Have each visit find some of the vacancies that open after it, of the occupations planned where there are any."""
    for day, visit in visits:
        first, last = (bisect_right(vacancies, by, key=_opened_on) for by in (day, day + _FOUND_WITHIN))
        free = [number for number in range(first, last) if number not in found.finds]
        wanted = planning[visit.employer].occupations
        planned = [number for number in free if vacancies[number].post.occupation in wanted]
        among = planned or free
        finds = rng.sample(among, min(rng.choice(_FINDS), len(among)))
        found.finds.update(dict.fromkeys(finds, Find(visit.employer, visit.number)))
        found.matching[day].append(replace(visit, form={**visit.form, "vacancies_found": len(finds)}))


def _opened_on(vacancy: Vacancy) -> int:
    return vacancy.opened_on
