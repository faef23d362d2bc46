"""What may be asked about a counsellor."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from chassis.batch.aggregates import Ref
from chassis.days import Day
from chassis.texts import Line
from contracts.codes import ClientGroup
from contracts.ids import CounsellorId
from services.intake.counsellors.model import AbsenceReason, Absences, Counsellor


class CounsellorDetailsForm(BaseModel):
    """A counsellor's name, and the client groups that they are a specialist for."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"name": "이한결", "groups": ["youth", "women"]}]},
    )

    name: Line
    groups: tuple[ClientGroup, ...] = Field(min_length=1, max_length=6)


class CounsellorForm(CounsellorDetailsForm):
    """A counsellor who starts. `occurred_on` is today if not given."""

    occurred_on: Day | None = None


class CounsellorRow(CounsellorForm):
    """A counsellor as a row: `left_on` is the first day out of service, of one who has left by now."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {"name": "이한결", "groups": ["youth", "women"], "occurred_on": "2009-01-28", "left_on": "2010-03-02"}
            ]
        },
    )

    left_on: Day | None = None


class Departure(BaseModel):
    """The first day out of service; today if not given."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"occurred_on": "2010-03-02"}]}
    )

    occurred_on: Day | None = None


class AbsenceForm(BaseModel):
    """The days on which a counsellor is away, the first and the last included; they may lie ahead."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"from": "2010-08-02", "to": "2010-08-20", "reason": "leave"}]},
    )

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    reason: AbsenceReason | None = None


class AbsenceReturn(BaseModel):
    """The first day back, before the absence would have ended; today if not given."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"occurred_on": "2010-08-16"}]}
    )

    occurred_on: Day | None = None


@dataclass(frozen=True, slots=True)
class JoinCounsellor:
    counsellor_id: CounsellorId
    form: CounsellorForm

    def touches(self) -> tuple[()]:
        return ()


@dataclass(frozen=True, slots=True)
class RecordService:
    counsellor_id: CounsellorId
    row: CounsellorRow

    def touches(self) -> tuple[()]:
        return ()


@dataclass(frozen=True, slots=True)
class LeaveCounsellor:
    counsellor_id: CounsellorId
    departure: Departure

    def touches(self) -> tuple[Ref[Counsellor]]:
        return (Ref(Counsellor, self.counsellor_id),)


@dataclass(frozen=True, slots=True)
class ChangeCounsellor:
    counsellor_id: CounsellorId
    form: CounsellorDetailsForm

    def touches(self) -> tuple[Ref[Counsellor]]:
        return (Ref(Counsellor, self.counsellor_id),)


@dataclass(frozen=True, slots=True)
class RecordAbsence:
    counsellor_id: CounsellorId
    form: AbsenceForm

    def touches(self) -> tuple[Ref[Counsellor], Ref[Absences]]:
        return Ref(Counsellor, self.counsellor_id), Ref(Absences, self.counsellor_id)


@dataclass(frozen=True, slots=True)
class EndAbsence:
    counsellor_id: CounsellorId
    back: AbsenceReturn

    def touches(self) -> tuple[Ref[Counsellor], Ref[Absences]]:
        return Ref(Counsellor, self.counsellor_id), Ref(Absences, self.counsellor_id)
