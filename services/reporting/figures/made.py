"""Figures that are made of more than one measure, or of no sum at all: a function for each, by its path."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from contracts.codes import FollowUpStep
from services.reporting.figures.measures import Measure, ShareName
from services.reporting.figures.period import Period
from services.reporting.figures.queries import ByYear, Mismatch, Sides, Sums
from services.reporting.figures.row import Published, Row
from services.reporting.figures.rows import ROWS
from services.reporting.figures.shares import ratio, share_of
from services.reporting.figures.sources import UNKNOWN
from services.reporting.figures.surveys import Survey, published_surveys

BEGUN: tuple[Measure, ...] = ("internships_started", "internships_broken_off")
"""The measures whose years are those of their days, which no rollup tells."""

CONVERTED: tuple[Measure, ...] = ("internships_completed", "internships_converted")
"""The measures whose years are those of the completion."""

RETENTION_MONTHS: Mapping[str, tuple[FollowUpStep, ShareName]] = {
    "1": ("1m", "retention_1m_percent"),
    "3": ("3m", "retention_3m_percent"),
    "6": ("6m", "retention_6m_percent"),
    "12": ("12m", "retention_12m_percent"),
}


class Answered(NamedTuple):
    """What an answer is made of; see `publish`."""

    sums: Sums
    period: Period
    unplaced: Mapping[int, Sequence[str]]
    mismatches: Mapping[int, Mismatch]
    targets: Sequence[Mapping[str, Any]]
    surveys: Sequence[Survey]
    by_year: ByYear


def _as_of(of: Answered) -> str:
    return of.period.as_of.isoformat()


def _from(of: Answered) -> str | None:
    return of.period.first.isoformat() if of.period.first else None


def _known_at(of: Answered) -> str | None:
    return of.period.known_at.isoformat() if of.period.known_at else None


def _internships(of: Answered) -> dict[str, dict[str, Any]]:
    """Give, by year, those started, broken off and completed in it, and of those completed the ones converted."""
    started, broken_off = (of.by_year.get(measure, {}) for measure in BEGUN)
    told = {year for measure in CONVERTED for (year,) in of.sums[measure]}
    published: dict[str, dict[str, Any]] = {}
    for year in sorted({*started, *broken_off, *told}):
        converted = share_of("internship_conversion_percent", of.sums, completed_in=year)
        published[year] = {
            "started": started.get(year, 0),
            "broken_off": broken_off.get(year, 0),
            "completed": converted.denominator,
            "converted": converted.numerator,
            "percent": converted.value,
        }
    return published


def _surveys(of: Answered) -> list[dict[str, Any]]:
    return published_surveys(of.surveys, of.period.first)


def visit_years(sums: Sums) -> list[int]:
    """Give the years in which a visit was due or made, or something came of one."""
    told = [year for year, *_ in (*sums["visits_due"], *sums["visits"], *sums["vacancies"], *sums["placements"])]
    return sorted({int(year) for year in told if year != UNKNOWN})


def _visits(of: Answered) -> dict[str, dict[str, Any]]:
    """Give, by year, the visits that were due and made, and what came of any visit in that year."""
    sums, made = of.sums, of.sums["visits"]
    published: dict[str, dict[str, Any]] = {}
    for number in visit_years(sums):
        year = str(number)
        published[year] = {
            "due": sums["visits_due"].get((year,), 0),
            "made": sum(amount for (made_in, _), amount in made.items() if made_in == year),
            "plans_secured": made.get((year, "true"), 0),
            "vacancies_found": sums["vacancies"].get((year,), 0),
            "placed": sums["placements"].get((year,), 0),
        }
        if mismatch := of.mismatches.get(number):
            published[year]["mismatch"] = {
                "occupations": list(mismatch.occupations),
                "before": _mismatch(mismatch.before),
                "after": _mismatch(mismatch.after),
            }
    return published


def _mismatch(sides: Sides) -> dict[str, Any]:
    return {
        "unplaced": sides.unplaced,
        "openings": sides.openings,
        "unplaced_per_opening": ratio(sides.unplaced, sides.openings),
    }


def _retention(of: Answered) -> dict[str, dict[str, Any]]:
    """Give, by the months after the placement, those due, of these the ones reached, and of these those still there."""
    published: dict[str, dict[str, Any]] = {}
    for months, (step, name) in RETENTION_MONTHS.items():
        still_employed = share_of(name, of.sums)
        published[months] = {
            "due": of.sums["retention_due"].get((step,), 0),
            "reached": still_employed.denominator,
            "still_employed": still_employed.numerator,
            "percent": still_employed.value,
        }
    return published


def _satisfaction(of: Answered) -> float | None:
    """Give the mean of how satisfied with their jobs the placed said they are, from 1 (worst) to 5."""
    said = of.sums["job_satisfaction"]
    return ratio(sum(int(value) * count for (value,), count in said.items()), sum(said.values()))


def _unplaced(of: Answered) -> dict[str, list[str]]:
    return {str(year): list(codes) for year, codes in of.unplaced.items()}


def _targets(of: Answered) -> list[Mapping[str, Any]]:
    return list(of.targets)


MADE: Mapping[str, Callable[[Answered], Any]] = {
    "as_of": _as_of,
    "from": _from,
    "known_at": _known_at,
    "internships": _internships,
    "surveys": _surveys,
    "visits": _visits,
    "retention": _retention,
    "after_placement.satisfaction.average": _satisfaction,
    "unplaced_top_occupations": _unplaced,
    "targets": _targets,
}
"""The function of each figure whose row says no other way (`Published` itself)."""

MADE_OF: Mapping[str, tuple[Measure, ...]] = {
    "as_of": (),
    "from": (),
    "known_at": (),
    "internships": CONVERTED,
    "surveys": (),
    "visits": ("visits_due", "visits", "vacancies", "placements"),
    "retention": ("retention_due", "retention_reached", "retention_still_employed"),
    "after_placement.satisfaction.average": ("job_satisfaction",),
    "unplaced_top_occupations": (),
    "targets": (),
}
"""The measures whose sums each of them looks at."""

_SAID = {
    one.path for row in ROWS for one in (row.published if isinstance(row, Row) else (row,)) if type(one) is Published
}
if not {*MADE} == {*MADE_OF} == _SAID:
    raise TypeError(
        f"each figure that is made by a function has one, and a row: {_SAID ^ {*MADE} | _SAID ^ {*MADE_OF}}"
    )
