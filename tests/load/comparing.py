"""What the first days of a history come to in every figure that can be said of them, beside what was published."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from jobplus.replay.drawing.history import DrawnHistory
from jobplus.replay.drawing.surveys import POINTS, HeldSurvey
from jobplus.replay.driving.care import FollowedUp
from jobplus.replay.planning.model import Target
from jobplus.replay.planning.shares import percent, ratio
from tests.replay.simulate import driven_for
from tests.replay.unplanned import unplanned

Leaves = Mapping[str, object]
"""Figures by their paths: `placed.by_age.-29`, `surveys.2009-09-18.score`, `targets.2010.placed.reached`."""

_STEPS: Mapping[str, str] = {"1": "1m", "3": "3m", "6": "6m", "12": "12m"}
"""The steps of follow-up care by the months that retention is published under."""
_OF_EACH_YEAR = {
    "visits": ("made", "plans_secured", "vacancies_found", "placed"),
    "internships": ("completed", "converted"),
}
"""What is expected of each year that is published, nothing where the history has none of it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that isn't what the history says."""

    figure: str
    expected: object
    got: object


def expected(made: DrawnHistory, targets: Sequence[Target], last: date, followed_up: FollowedUp) -> Leaves:
    """Give every figure that a history's days up to the last say, as interpreted by the tests' own centre.

    What followup's rounds came to is told: it follows from when each round found what due.
    """
    centre = driven_for(made, (last - made.period.starts_on).days + 1)
    years = {target.year for target in targets}
    figures: dict[str, object] = {
        **dict(_leaves(centre.figures(last))),
        **unplanned(centre, years),
        **{f"targets.{target.year}.{target.measure}.value": target.value for target in targets},
        **{f"targets.{year}.still_employed.reached": followed_up.after_half_a_year[year] for year in years},
        **dict(_retention(followed_up)),
        **dict(_surveys([survey for survey in made.surveys if survey.on <= last])),
        "sos_care.supports": followed_up.supports,
    }
    return {figure: float(value) if isinstance(value, Decimal) else value for figure, value in figures.items()}


def _retention(followed_up: FollowedUp) -> Iterator[tuple[str, object]]:
    for months, step in _STEPS.items():
        due, reached, still = (of[step] for of in (followed_up.due, followed_up.reached, followed_up.still_employed))
        counts = {"due": due, "reached": reached, "still_employed": still, "percent": percent(still, reached)}
        yield from ((f"retention.{months}.{name}", count) for name, count in counts.items())


def _surveys(held: Sequence[HeldSurvey]) -> Iterator[tuple[str, object]]:
    """Give what is published of surveys, in the order of their days."""
    yield "surveys.held", len(held)
    before: Decimal | None = None
    for survey in held:
        answers = survey.answers
        score = ratio(sum(POINTS * (answer - 1) for answer in answers), len(answers))
        told = {
            "asked": survey.asked,
            "answered": len(answers),
            "score": score,
            "percent_satisfied": percent(sum(answer >= 4 for answer in answers), len(answers)),
            "change": None if before is None or score is None else score - before,
        }
        yield from ((f"surveys.{survey.on}.{name}", value) for name, value in told.items())
        before = score


def published(figures: Mapping[str, Any], afterwards: Mapping[str, int]) -> Leaves:
    """Give what GET /figures says, and what the services answer of what left them, by path."""
    surveys, targets = figures["surveys"], figures["targets"]
    told = {
        **figures,
        "surveys": {"held": len(surveys), **{survey["on"]: survey for survey in surveys}},
        "targets": {f"{target['year']}.{target['measure']}": target for target in targets},
        "afterwards": afterwards,
    }
    return dict(_leaves(told))


def _leaves(figures: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, object]]:
    for name, value in figures.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def differences(expected: Leaves, got: Leaves) -> list[Difference]:
    """List the figures that weren't got as they are expected: of a year that nothing is expected of, nothing."""
    unexpected = {
        figure: 0
        for figure in got
        for of, names in _OF_EACH_YEAR.items()
        if figure.startswith(f"{of}.") and figure.split(".")[2] in names
    }
    return [
        Difference(figure, value, got.get(figure, "nothing"))
        for figure, value in {**unexpected, **expected}.items()
        if figure not in got or got[figure] != value
    ]
