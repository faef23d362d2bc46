"""Who may look at what: releases are for every role, figures of free days and splits for the centre's own, the single
events behind them for few."""

from contracts.surveys import SurveyAnswered
from contracts.topics import SURVEYS

EVALUATOR = "evaluator"
STAFF = ("counsellor", "manager", "operator", "analyst", EVALUATOR)
"""Who sees any day, any moment and any split: by subtraction these tell of single persons."""

READERS = (*STAFF, "partner", "employer")
"""Who sees what is published for everyone."""

PROVERS = ("manager", "operator", "analyst")
"""Who sees single events, to prove the figures."""


def readers_of_event(topic: str, kind: str) -> tuple[str, ...]:
    """Say who may see an event: what was answered to a survey, the evaluation office alone. Of other topics it sees
    none."""
    if kind == SurveyAnswered.type:
        return (EVALUATOR,)
    return (*PROVERS, EVALUATOR) if topic == SURVEYS.name else PROVERS
