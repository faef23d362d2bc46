"""What may be asked of the figures, and by whom."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from chassis.batch.decisions import Refused
from chassis.problems import INVALID_REQUEST, ProblemType
from services.reporting.figures import asked
from services.reporting.figures.measures import Dimension, Measure, ShareName
from services.reporting.figures.rows import MEASURES
from services.reporting.figures.shares import SHARES
from services.reporting.readers import EVALUATOR, PROVERS

NOT_SPLIT_BY = ProblemType("not-split-by", 422, "This measure is not split by that")
NAMED_TWICE = ProblemType("dimension-named-twice", 422, "A dimension splits a measure once")

UNKNOWN_FIGURE = ProblemType("unknown-figure", 422, "No figure of this name is published")
TOO_MANY_PARTS = ProblemType("too-many-parts", 422, "So many parts are not told in one answer; split it by less")

MOST_PARTS = 5_000
"""Of an answer: three dimensions with many values each are more than anybody reads."""


def split_by(measure: Measure | None, share: ShareName | None, by: Sequence[Dimension]) -> Refused | None:
    """Refuse to split both a measure and a share, or neither; or by what it doesn't have, or twice by the same."""
    if measure and share:
        return Refused(INVALID_REQUEST, f"{measure} and {share} are both named: name one", "share")
    if measure:
        return _refuse_others(measure, MEASURES[measure].by, by)
    if share:
        return _refuse_others(share, SHARES[share].dimensions, by)
    return Refused(INVALID_REQUEST, f"name a measure, or one of the shares {', '.join(SHARES)}", "measure")


def published_as(name: str) -> Refused | None:
    """Refuse a name that no figure is published under, or a part that a figure doesn't have in the period."""
    if not any(one.is_of(name) for one in asked.ALL):
        branches = dict.fromkeys(one.published.path.partition(".")[0] for one in asked.ALL)
        return Refused(UNKNOWN_FIGURE, f"there is no figure {name}; they begin with {', '.join(branches)}", "figure")
    return None


def told_in_one(parts: int) -> Refused | None:
    """Refuse to tell more parts than an answer has."""
    if parts <= MOST_PARTS:
        return None
    detail = f"these are {parts} parts, over {MOST_PARTS}: split it by less, or ask for fewer months"
    return Refused(TOO_MANY_PARTS, detail, "by")


def unplaced_by(by: Dimension, first: date | None, each: Literal["month"] | None) -> Refused | None:
    """Refuse to tell the unplaced apart by what no registration tells, and to begin a single day on another one."""
    if first is not None and each is None:
        return Refused(INVALID_REQUEST, "without each=month one day is told of, as_of alone", "from")
    return _refuse_others("unplaced", MEASURES["registered"].by, (by,))


def _refuse_others(name: str, has: Sequence[Dimension], by: Sequence[Dimension]) -> Refused | None:
    for place, dimension in enumerate(by):
        if dimension not in has:
            told = f"it has {', '.join(has)}" if has else "it is not split by anything"
            return Refused(NOT_SPLIT_BY, f"{name} has no {dimension}; {told}", "by")
        if dimension in by[:place]:
            return Refused(NAMED_TWICE, f"{dimension} is named twice", "by")
    return None


def readers_of_facts(measure: Measure) -> tuple[str, ...]:
    """Say who may see the facts of a measure one by one: of what was answered to surveys, only who asked."""
    if measure == "survey_answers":
        return (EVALUATOR,)
    return (*PROVERS, EVALUATOR) if measure == "surveyed" else PROVERS


def is_for_evaluators(measure: Measure | None, by: Sequence[Dimension]) -> bool:
    """Tell whether a split says what was answered to surveys, which is published as scores alone."""
    return measure == "survey_answers" and "answer" in by
