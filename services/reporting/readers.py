"""Who may look at what: the published figures are for every role, the single events behind them for few."""

from contracts.surveys import SurveyAnswered
from contracts.topics import SURVEYS

EVALUATOR = "evaluator"
READERS = ("counsellor", "manager", "operator", "analyst", EVALUATOR, "partner", "employer")

PROVERS = ("manager", "operator", "analyst")
"""Who sees single events, to prove the figures."""


def readers_of_event(topic: str, kind: str) -> tuple[str, ...]:
    """Say who may see an event: what was answered to a survey, the evaluation office alone. Of other topics it sees
    none."""
    if kind == SurveyAnswered.type:
        return (EVALUATOR,)
    return (*PROVERS, EVALUATOR) if topic == SURVEYS.name else PROVERS
