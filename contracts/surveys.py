"""Topic `jobplus.surveys`, keyed by the survey: satisfaction, asked by the city's evaluation office."""

import hashlib
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from .event import Event, Stability
from .ids import SurveyId
from .topics import SURVEYS, Topic
from .values import AtLeastOne, Score

InvitationDigest = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


def invitation_digest(invitation_id: UUID, person_id: UUID) -> str:
    """Give what tells, to who knows the invitation, that it is this person's; nobody else learns whose it is."""
    return hashlib.sha256(invitation_id.bytes + person_id.bytes).hexdigest()[:32]


class _OfSurvey(Event):
    topic: ClassVar[Topic] = SURVEYS
    key_field: ClassVar[str] = "survey_id"

    survey_id: SurveyId


class SurveyDrawn(_OfSurvey):
    """A random sample was drawn from those served in a period, both its days included."""

    korean: ClassVar[str] = "만족도 조사 표본 추출"
    stability: ClassVar[Stability] = "stable"

    asked: AtLeastOne
    """How many persons are in the sample."""
    period_from: date
    period_to: date
    invitations: tuple[InvitationDigest, ...] = ()
    """The digest of each invitation (the first 32 digits of the SHA-256 of its id and the person's, 16 bytes each),
    sorted. Whom the evaluation office shows an invitation can tell by it that the person is in the sample. Empty where
    nobody's invitation is known, and before this was published."""


class SurveyAnswered(_OfSurvey):
    """One person of the sample answered; nothing tells who."""

    korean: ClassVar[str] = "만족도 조사 응답"
    stability: ClassVar[Stability] = "stable"

    answer: Score
