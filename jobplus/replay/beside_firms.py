"""Firms beside a plan: hiring plans, prospects, and visits after a year's end."""

import random
from collections.abc import Mapping, Sequence
from datetime import date

from contracts.codes import OCCUPATIONS
from jobplus.replay import forms
from jobplus.replay.actions import FilePlan, ListProspect, RecordVisit
from jobplus.replay.beside import Beside
from jobplus.replay.calendar import Period

_PLANNING = 0.03
"""Of the members, who file a hiring plan; a third of these plan to hire ten or more."""
_PROSPECTS = 0.005
"""Firms that are listed as prospects, for each member."""
_VISITED = 0.7
"""Of the members that plan to hire ten or more when a year begins."""
_VISITS_FROM, _VISITS_TO = 15, 60
"""Days of the year in which these are visited."""
_FEWEST_TO_VISIT = 10


def add_firms(found: Beside, joined_on: Sequence[int], counsellors: int, period: Period, seed: int) -> None:
    """Draw the hiring plans, the prospects and the visits."""
    rng = random.Random(f"{seed} firms")
    planning = _plans(found, joined_on, period, rng)
    for number in range(len(joined_on), len(joined_on) + int(len(joined_on) * _PROSPECTS)):
        form = {**forms.employer(number, rng), "size": rng.choice(("small", "mid")), "programmes": ["hi_seoul_brand"]}
        found.intake[period.working_day(rng.randrange(period.length))].append(ListProspect(form))
    if counsellors:
        _visits(found, planning, counsellors, period, rng)


def _plans(
    found: Beside, joined_on: Sequence[int], period: Period, rng: random.Random
) -> Mapping[int, tuple[int, int]]:
    """Have members file plans; give the first and the last day on which those of ten or more hold, by member."""
    large: dict[int, tuple[int, int]] = {}
    for employer, joined in enumerate(joined_on):
        if rng.random() >= _PLANNING:
            continue
        day = period.working_day(rng.randint(joined, period.last))
        openings = rng.randint(_FEWEST_TO_VISIT, 40) if rng.random() < 1 / 3 else rng.randint(1, 9)
        holds = rng.randint(60, 365)
        form = {
            "openings": openings,
            "occupations": rng.sample(OCCUPATIONS, rng.randint(1, 3)),
            "hire_by": date.fromordinal(period.date(day).toordinal() + holds).isoformat(),
            "converts_interns": rng.random() < 0.2,
        }
        found.intake[day].append(FilePlan(employer, form))
        if openings >= _FEWEST_TO_VISIT:
            large[employer] = (day, day + holds)
    return large


def _visits(
    found: Beside, planning: Mapping[int, tuple[int, int]], counsellors: int, period: Period, rng: random.Random
) -> None:
    for year in range(period.starts_on.year + 1, period.date(period.last).year + 1):
        begins = (date(year, 1, 1) - period.starts_on).days
        for employer, (filed_on, holds_until) in planning.items():
            day = period.working_day(begins + rng.randint(_VISITS_FROM, _VISITS_TO))
            visited = rng.random() < _VISITED
            if visited and filed_on < day <= holds_until and begins + _VISITS_FROM <= period.last:
                form = {"officials": rng.randint(1, 2), "vacancies_found": 0}
                found.matching[day].append(RecordVisit(employer, rng.randrange(counsellors), form))
