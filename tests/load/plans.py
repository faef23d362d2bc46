"""The plans of the loads: years of the centre, more of them than any test drives."""

from datetime import date
from typing import NamedTuple

from contracts.targets import TARGET_MEASURES, is_percentage
from jobplus.replay.planning.plan import Plan, parse

BEGINS = date(2009, 9, 1)


class Size(NamedTuple):
    """How large a load is: its years, and the people who register in each. The `seed` is one with which, in the first
    months, a counsellor is away, another leaves, and a visit finds vacancies."""

    years: int
    people: int
    seed: int


LIGHT = Size(years=4, people=2_000, seed=9175)
"""About 85 actions a day, 120,000 in all: for a stack whose processes are killed one service after the other."""
HEAVY = Size(years=10, people=5_600, seed=4489)
"""About 235 actions a day, 850,000 in all: for containers that are scaled, restarted, killed and rolled."""


def long_plan(size: Size) -> Plan:
    """Give the plan of a load; what isn't the size's has about the shares of the two years.

    Some of a centre's life comes once a year, or late. So that a load meets it in its first months, it begins in
    September: internships are over by the new year, which visits follow. The surveys are held in the first six weeks,
    as nobody is erased before the last.
    """
    years, people, _ = size
    registered = years * people
    plan: dict[str, object] = {
        "name": "load",
        "from": str(BEGINS),
        "to": str(BEGINS.replace(year=BEGINS.year + years)),
        "counsellors": 24,
        "employers": registered * 2 // 3,
        "registered": registered,
        "placed": {"total": registered // 2},
        "sessions": {"job": 7 * registered, "startup": registered // 5},
        "referrals": registered * 5 // 2,
        "launches": registered // 50,
        "internships": [
            {"year": 2009, "completed": people // 100, "converted": people // 150},
            {"year": 2010, "completed": people // 28, "converted": people // 41},
            {"year": 2011, "completed": people // 28, "converted": people // 41},
        ],
        "surveys": [
            {"on": "2009-09-18", "asked": people // 50, "score": 65.0},
            {"on": "2009-10-09", "asked": people // 50, "score": 70.0},
        ],
        "targets": [
            {"year": year, "measure": measure, "value": 50 if is_percentage(measure) else people}
            for year in (2009, 2010)
            for measure in TARGET_MEASURES
        ],
    }
    return parse(plan)
