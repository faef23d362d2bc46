"""What may be asked about consents, and about erasure."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from chassis.batch.aggregates import Ref
from chassis.days import Day
from chassis.texts import Identifier
from contracts.counselling import OpeningReason
from contracts.ids import SeekerId
from contracts.seekers import ConsentPurpose
from contracts.values import Code
from services.intake.privacy.model import Consent, ConsentKey, SurveyInvitation
from services.intake.seekers.model import MergedRecords, Seeker

_EXAMPLE: dict[str, Any] = {"purpose": "employers", "given": True, "text_version": "t2026-01"}


class ConsentForm(BaseModel):
    """That a person agrees to a use of their data (`given`), or does no longer.

    `text_version` names the text that they were shown; `occurred_on` is today if not given.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    purpose: ConsentPurpose
    given: bool
    text_version: Annotated[Code, Identifier]
    occurred_on: Day | None = None


class OpeningForm(BaseModel):
    """Why a counsellor opens the record of somebody whom another one counsels."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"reason": "walk_in"}]})

    reason: OpeningReason


class Erasure(BaseModel):
    """That a person's data is to be erased; nothing needs to be said with it."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{}]})


@dataclass(frozen=True, slots=True)
class RecordConsent:
    seeker_id: SeekerId
    form: ConsentForm

    def touches(self) -> tuple[Ref[Seeker], Ref[Consent]]:
        return Ref(Seeker, self.seeker_id), Ref(Consent, ConsentKey(self.seeker_id, self.form.purpose))


@dataclass(frozen=True, slots=True)
class OpenRecord:
    opening_id: UUID
    seeker_id: SeekerId
    form: OpeningForm

    def touches(self) -> tuple[Ref[Seeker]]:
        return (Ref(Seeker, self.seeker_id),)


@dataclass(frozen=True, slots=True)
class NoteInvitations:
    invitations: tuple[SurveyInvitation, ...]

    def touches(self) -> tuple[()]:
        return ()


@dataclass(frozen=True, slots=True)
class EraseSeeker:
    seeker_id: SeekerId

    def touches(self) -> tuple[Ref[Seeker], Ref[MergedRecords]]:
        return Ref(Seeker, self.seeker_id), Ref(MergedRecords, self.seeker_id)
