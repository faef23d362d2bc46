"""Total care over HTTP."""

from datetime import date
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.http.access import Door
from chassis.http.calls import Call, asks, reads
from contracts.codes import CareStage
from contracts.ids import SeekerId
from contracts.owners import STAFF
from services.intake.access import OWN_SEEKERS
from services.intake.seekers.answers import look_at
from services.intake.total_care import queries
from services.intake.total_care.commands import (
    AssessmentForm,
    AssessSeeker,
    CompleteCourse,
    CompletionForm,
    CourseForm,
    DropCourse,
    DropForm,
    EnrolInCourse,
    LeaveTotalCare,
    TotalCareLeavingForm,
)
from services.intake.total_care.model import DropReason

router = APIRouter(prefix="/seekers/{seeker_id}", tags=["total-care"])


class AssessmentAnswer(BaseModel):
    """The stage that the scores of an assessment give (`assessed`), the seeker's since (`stage`), and theirs before it.

    An assessment that is recorded after one of a later day leaves their stage as it was, null outside total care.
    """

    assessment_id: UUID
    assessed: CareStage
    stage: CareStage | None
    before: CareStage | None


class CourseAnswer(BaseModel):
    """The id that was given to an enrolment."""

    course_id: UUID


class CompletedAnswer(CourseAnswer):
    """The seeker's stage after a completed course."""

    stage: CareStage


class DroppedAnswer(CourseAnswer):
    """The day on which a course ended uncompleted."""

    dropped_on: date


class LeftAnswer(BaseModel):
    """The day on which a seeker left total care."""

    seeker_id: UUID
    ended_on: date


class AssessmentView(BaseModel):
    """An assessment's scores (1 to 5), and the stage that they give."""

    assessment_id: UUID
    occurred_on: date
    answers: dict[str, int]
    stage: CareStage


class CourseView(BaseModel):
    """A course that a seeker is or was enrolled in."""

    course_id: UUID
    course: str
    hours: int
    stage: CareStage
    enrolled_on: date
    completed_on: date | None
    dropped_on: date | None
    dropped_as: DropReason | None


class TotalCareView(BaseModel):
    """A seeker's stage, null outside total care; assessments, the newest first; courses, the oldest first."""

    seeker_id: UUID
    stage: CareStage | None
    assessments: list[AssessmentView]
    courses: list[CourseView]


@router.post("/care-assessments", status_code=201, response_model=AssessmentAnswer)
async def assess(seeker_id: UUID, form: AssessmentForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Assess how far a seeker is from work. The first assessment takes them into total care; their stage goes by that
    of the latest day."""
    return await call.run(AssessSeeker(uuids.uuid7(), SeekerId(seeker_id), form), 201)


@router.post("/courses", status_code=201, response_model=CourseAnswer)
async def enrol(seeker_id: UUID, form: CourseForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Enrol a seeker in a course of their stage."""
    return await call.run(EnrolInCourse(uuids.uuid7(), SeekerId(seeker_id), form), 201)


@router.post("/courses/{course_id}/completion", response_model=CompletedAnswer)
async def complete(
    seeker_id: UUID, course_id: UUID, form: CompletionForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))
) -> Response:
    """Record that a course was completed. The last open one of the stage moves the seeker to the next."""
    return await call.run(CompleteCourse(course_id, SeekerId(seeker_id), form))


@router.post("/courses/{course_id}/ending", response_model=DroppedAnswer)
async def drop(
    seeker_id: UUID, course_id: UUID, form: DropForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))
) -> Response:
    """Record that a course ended uncompleted. The seeker's stage stays."""
    return await call.run(DropCourse(course_id, SeekerId(seeker_id), form))


@router.post("/total-care/ending", response_model=LeftAnswer)
async def leave(seeker_id: UUID, form: TotalCareLeavingForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Take a seeker out of total care."""
    return await call.run(LeaveTotalCare(SeekerId(seeker_id), form))


@router.get("/total-care", response_model=TotalCareView)
async def read(seeker_id: UUID, request: Request, reader: Actor = reads(Door(STAFF, OWN_SEEKERS))) -> Any:
    """Read a seeker's stage, assessments and courses."""
    care = await look_at(request, reader, "total_care", queries.care, seeker_id)
    return {
        "seeker_id": seeker_id,
        "stage": care.stage,
        "assessments": [dict(row) for row in care.assessments],
        "courses": care.courses,
    }
