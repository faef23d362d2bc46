"""Assessments that give a stage, and the courses of those in total care."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple
from uuid import UUID

from chassis.batch.effects import Effect
from contracts.codes import CareStage
from contracts.ids import SeekerId

Area = Literal["work_habits", "job_goal", "vocational_skills"]
"""What an assessment looks at: keeping to times and tasks, knowing what work one wants, and being able to do it."""

DropReason = Literal["in_work", "not_wanted", "illness", "cancelled", "other"]
"""Why a course was not completed; `cancelled`: it was not held."""

STAGES: tuple[CareStage, ...] = ("preparation", "counselling", "training", "ready")
"""In their order: preparation education, in-depth counselling, vocational training, ready for placement."""


class Need(NamedTuple):
    """Who scores less than `least` in an area needs a stage."""

    area: Area
    least: int
    stage: CareStage


@dataclass(frozen=True, slots=True)
class Assessment(Effect):
    """The scores of an assessment, 1 (worst) to 5, and the stage that they give."""

    assessment_id: UUID
    seeker_id: SeekerId
    occurred_on: date
    answers: tuple[tuple[Area, int], ...]
    stage: CareStage


@dataclass(frozen=True, slots=True)
class LastAssessment:
    """The day of a seeker's latest assessment: so long at least they have been in total care."""

    seeker_id: SeekerId
    occurred_on: date


@dataclass(frozen=True, slots=True)
class Course:
    """A course of a stage that a seeker is enrolled in, `hours` long; it is open until it is completed or dropped."""

    course_id: UUID
    seeker_id: SeekerId
    course: str
    hours: int
    stage: CareStage
    enrolled_on: date
    completed_on: date | None = None
    dropped_on: date | None = None
    dropped_as: DropReason | None = None

    @property
    def open(self) -> bool:
        return self.completed_on is None and self.dropped_on is None


@dataclass(frozen=True, slots=True)
class Courses:
    """All courses of a seeker, oldest first; `unsaved` are those that a decision made or changed."""

    seeker_id: SeekerId
    courses: tuple[Course, ...] = ()
    unsaved: frozenset[UUID] = frozenset()

    def course(self, course_id: UUID) -> Course | None:
        return next((course for course in self.courses if course.course_id == course_id), None)

    def with_(self, changed: Course) -> "Courses":
        """Give the courses with one added or replaced."""
        by_id = {course.course_id: course for course in (*self.courses, changed)}
        return replace(self, courses=tuple(by_id.values()), unsaved=self.unsaved | {changed.course_id})

    def open_in(self, stage: CareStage) -> tuple[Course, ...]:
        """Give the courses of a stage that are neither completed nor dropped."""
        return tuple(c for c in self.courses if c.stage == stage and c.open)
