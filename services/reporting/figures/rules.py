"""What may be asked of the figures."""

from collections.abc import Sequence

from chassis.decisions import Refused
from chassis.problems import ProblemType
from services.reporting.figures.measures import MEASURES, Dimension, Measure

NOT_SPLIT_BY = ProblemType("not-split-by", 422, "This measure is not split by that")
NAMED_TWICE = ProblemType("dimension-named-twice", 422, "A dimension splits a measure once")


def split_by(measure: Measure, by: Sequence[Dimension]) -> Refused | None:
    """Refuse dimensions that the measure doesn't have, and say which it has; and one that is named twice."""
    has = MEASURES[measure].dimensions
    for place, dimension in enumerate(by):
        if dimension not in has:
            told = f"it has {', '.join(has)}" if has else "it is not split by anything"
            return Refused(NOT_SPLIT_BY, f"{measure} has no {dimension}; {told}", "by")
        if dimension in by[:place]:
            return Refused(NAMED_TWICE, f"{dimension} is named twice", "by")
    return None
