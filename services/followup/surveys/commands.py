"""What may be asked about surveys, and what follows from events that tell who was served."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from chassis.batch.aggregates import Ref
from chassis.days import Day
from contracts.ids import SeekerId, SurveyId
from services.followup.surveys.model import (
    EVERY_SURVEY,
    AskedPersons,
    Invitation,
    InvitationId,
    InvitationKey,
    InvitationsOf,
    MergedPerson,
    ServedPerson,
    Survey,
    SurveyConsent,
    Urn,
    UrnKey,
)

_DRAW: dict[str, Any] = {"asked": 400, "period_from": "2010-01-01", "period_to": "2010-06-30"}
_ANSWER: dict[str, Any] = {"invitation_id": "011f1a2c-000d-700d-800d-00000000000e", "answer": 4}


class SurveyForm(BaseModel):
    """A survey of `asked` persons among those served from `period_from` to `period_to`, both days included.

    `occurred_on` is the survey's day, today if not given.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_DRAW]})

    asked: int = Field(ge=1, le=10_000)
    period_from: Day
    period_to: Day
    occurred_on: Day | None = None


class HeldSurveyRow(SurveyForm):
    """A survey that was held before this system was there: how many of those `asked` gave each answer, from 1 (worst)
    to 5. Nobody's invitation is known of it."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {**_DRAW, "occurred_on": "2010-07-12", "answered_1": 8, "answered_3": 60, "answered_5": 110},
            ]
        },
    )

    answered_1: int = Field(0, ge=0, le=10_000)
    answered_2: int = Field(0, ge=0, le=10_000)
    answered_3: int = Field(0, ge=0, le=10_000)
    answered_4: int = Field(0, ge=0, le=10_000)
    answered_5: int = Field(0, ge=0, le=10_000)

    @property
    def answers(self) -> tuple[int, ...]:
        """Every answer that was given, from the worst."""
        counts = (self.answered_1, self.answered_2, self.answered_3, self.answered_4, self.answered_5)
        return tuple(answer for answer, count in enumerate(counts, 1) for _ in range(count))


class AnswerForm(BaseModel):
    """What a person of the sample answered, from 1 (worst) to 5; `occurred_on` is the day of it, today if not given."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_ANSWER]})

    invitation_id: UUID
    answer: int = Field(ge=1, le=5)
    occurred_on: Day | None = None


@dataclass(frozen=True, slots=True)
class NoteServed:
    person_id: UUID
    day: date

    def touches(self) -> tuple[Ref[ServedPerson]]:
        return (Ref(ServedPerson, self.person_id),)


@dataclass(frozen=True, slots=True)
class NoteMerged:
    """The record `merged_id` was given up for that of `seeker_id`."""

    seeker_id: SeekerId
    merged_id: SeekerId

    def touches(self) -> tuple[Ref[ServedPerson], Ref[MergedPerson]]:
        return Ref(ServedPerson, self.seeker_id), Ref(MergedPerson, self.seeker_id)


@dataclass(frozen=True, slots=True)
class NoteConsent:
    said: SurveyConsent

    def touches(self) -> tuple[Ref[ServedPerson], Ref[SurveyConsent]]:
        return Ref(ServedPerson, self.said.person_id), Ref(SurveyConsent, self.said.person_id)


@dataclass(frozen=True, slots=True)
class ForgetPerson:
    person_id: SeekerId

    def touches(self) -> tuple[Ref[ServedPerson], Ref[InvitationsOf]]:
        return Ref(ServedPerson, self.person_id), Ref(InvitationsOf, self.person_id)


@dataclass(frozen=True, slots=True)
class DrawSurvey:
    """`secret` makes the invitations' ids, and is forgotten after the draw."""

    survey_id: SurveyId
    form: SurveyForm
    secret: bytes

    def touches(self) -> tuple[Ref[AskedPersons], Ref[Urn]]:
        urn = UrnKey(self.survey_id, self.form.period_from, self.form.period_to)
        return (Ref(AskedPersons, EVERY_SURVEY), Ref(Urn, urn))


@dataclass(frozen=True, slots=True)
class RecordHeldSurvey:
    survey_id: SurveyId
    row: HeldSurveyRow

    def touches(self) -> tuple[()]:
        return ()


@dataclass(frozen=True, slots=True)
class AnswerSurvey:
    survey_id: SurveyId
    form: AnswerForm

    def touches(self) -> tuple[Ref[Survey], Ref[Invitation]]:
        invitation = InvitationKey(self.survey_id, InvitationId(self.form.invitation_id))
        return (Ref(Survey, self.survey_id), Ref(Invitation, invitation))
