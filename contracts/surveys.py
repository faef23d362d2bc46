"""Topic `jobplus.surveys`, keyed by the survey: satisfaction, asked by the city's evaluation office."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from contracts.event import Event
from contracts.ids import SurveyId
from contracts.topics import SURVEYS, Topic


class _OfSurvey(Event):
    topic: ClassVar[Topic] = SURVEYS
    key_field: ClassVar[str] = "survey_id"

    survey_id: SurveyId


class SurveyDrawn(_OfSurvey):
    """A random sample of `asked` persons was drawn from those served in the period."""

    asked: int
    period_from: date
    period_to: date


class SurveyAnswered(_OfSurvey):
    """One person of the sample answered, from 1 (worst) to 5; nothing tells who."""

    answer: Annotated[int, Field(ge=1, le=5)]
