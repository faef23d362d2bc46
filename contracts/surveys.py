"""Topic `jobplus.surveys`, keyed by the survey: satisfaction, asked by the city's evaluation office."""

from datetime import date
from typing import ClassVar

from contracts.event import Event
from contracts.ids import SurveyId
from contracts.topics import SURVEYS, Topic
from contracts.values import AtLeastOne, Score


class _OfSurvey(Event):
    topic: ClassVar[Topic] = SURVEYS
    key_field: ClassVar[str] = "survey_id"

    survey_id: SurveyId


class SurveyDrawn(_OfSurvey):
    """A random sample was drawn from those served in a period, both its days included."""

    asked: AtLeastOne
    """How many persons are in the sample."""
    period_from: date
    period_to: date


class SurveyAnswered(_OfSurvey):
    """One person of the sample answered; nothing tells who."""

    answer: Score
