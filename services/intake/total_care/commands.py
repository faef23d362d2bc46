"""What may be asked about total care."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from chassis.batch.aggregates import Ref
from chassis.days import Day
from chassis.texts import Taken
from contracts.ids import SeekerId
from contracts.values import Code
from services.intake.seekers.model import Seeker
from services.intake.total_care.model import Courses, DropReason, LastAssessment

_ASSESSED: dict[str, Any] = {"work_habits": 4, "job_goal": 2, "vocational_skills": 3}
_COURSE: dict[str, Any] = {"course": "office_software", "hours": 60, "stage": "training"}


class AssessmentForm(BaseModel):
    """An assessment's scores, from 1 (worst) to 5; `occurred_on` is today if not given."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_ASSESSED]})

    work_habits: int = Field(ge=1, le=5)
    job_goal: int = Field(ge=1, le=5)
    vocational_skills: int = Field(ge=1, le=5)
    occurred_on: Day | None = None


class CourseForm(BaseModel):
    """A course, by its code, of the stage that the seeker is in; `hours` is its length.

    `occurred_on` is the day of enrolment, today if not given.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_COURSE]})

    course: Annotated[Code, Taken]
    hours: int = Field(ge=1, le=5_000)
    stage: Literal["preparation", "counselling", "training"]
    occurred_on: Day | None = None


class CompletionForm(BaseModel):
    """That a course was completed; `occurred_on` is the day of it, today if not given."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{}]})

    occurred_on: Day | None = None


class DropForm(BaseModel):
    """Why a course ends uncompleted; `occurred_on` is the day of it, today if not given."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"reason": "illness"}]})

    reason: DropReason
    occurred_on: Day | None = None


class TotalCareLeavingForm(BaseModel):
    """Why a seeker leaves total care; `occurred_on` is today if not given."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"reason": "in_work"}]})

    reason: Literal["in_work", "not_wanted", "other"]
    occurred_on: Day | None = None


@dataclass(frozen=True, slots=True)
class AssessSeeker:
    assessment_id: UUID
    seeker_id: SeekerId
    form: AssessmentForm

    def touches(self) -> tuple[Ref[Seeker], Ref[LastAssessment]]:
        return Ref(Seeker, self.seeker_id), Ref(LastAssessment, self.seeker_id)


@dataclass(frozen=True, slots=True)
class EnrolInCourse:
    course_id: UUID
    seeker_id: SeekerId
    form: CourseForm

    def touches(self) -> tuple[Ref[Seeker], Ref[LastAssessment], Ref[Courses]]:
        return Ref(Seeker, self.seeker_id), Ref(LastAssessment, self.seeker_id), Ref(Courses, self.seeker_id)


@dataclass(frozen=True, slots=True)
class CompleteCourse:
    course_id: UUID
    seeker_id: SeekerId
    form: CompletionForm

    def touches(self) -> tuple[Ref[Seeker], Ref[Courses]]:
        return Ref(Seeker, self.seeker_id), Ref(Courses, self.seeker_id)


@dataclass(frozen=True, slots=True)
class DropCourse:
    course_id: UUID
    seeker_id: SeekerId
    form: DropForm

    def touches(self) -> tuple[Ref[Seeker], Ref[Courses]]:
        return Ref(Seeker, self.seeker_id), Ref(Courses, self.seeker_id)


@dataclass(frozen=True, slots=True)
class LeaveTotalCare:
    seeker_id: SeekerId
    form: TotalCareLeavingForm

    def touches(self) -> tuple[Ref[Seeker], Ref[LastAssessment]]:
        return Ref(Seeker, self.seeker_id), Ref(LastAssessment, self.seeker_id)
