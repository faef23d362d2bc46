"""All SQL of total care."""

from collections.abc import Mapping, Sequence

import asyncpg

from chassis.batch.aggregates import Aggregate, Look
from chassis.batch.effects import Doer
from chassis.database.db import Connection
from chassis.database.rows import Rows
from contracts.ids import SeekerId
from services.intake.total_care.model import Assessment, Course, Courses, LastAssessment

_ASSESSMENT = Rows[Assessment](
    "care_assessment",
    "assessment_id",
    {
        "assessment_id": "uuid",
        "seeker_id": "uuid",
        "occurred_on": "date",
        "answers": ("jsonb", lambda assessment: dict(assessment.answers)),
        "stage": "text",
    },
)

_COURSE = Rows[Course](
    "course",
    "course_id",
    {
        "course_id": "uuid",
        "seeker_id": "uuid",
        "course": "text",
        "hours": "int",
        "stage": "text",
        "enrolled_on": "date",
        "completed_on": "date",
        "dropped_on": "date",
        "dropped_as": "text",
    },
)
_KEEP_COURSE = _COURSE.keep(["completed_on", "dropped_on", "dropped_as"])


def course_of(row: asyncpg.Record) -> Course:
    """Read a course from a row."""
    return Course(
        row["course_id"],
        SeekerId(row["seeker_id"]),
        row["course"],
        row["hours"],
        row["stage"],
        row["enrolled_on"],
        row["completed_on"],
        row["dropped_on"],
        row["dropped_as"],
    )


class LastAssessmentStore(Look[LastAssessment]):
    """Reads when seekers were assessed last, under the lock of their row. The assessments themselves keep it."""

    def key(self, state: LastAssessment) -> SeekerId:
        return state.seeker_id

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, LastAssessment]:
        rows = await conn.fetch(
            """SELECT seeker_id, max(occurred_on) AS occurred_on FROM care_assessment
               WHERE seeker_id = ANY($1) GROUP BY seeker_id""",
            keys,
        )
        return {row["seeker_id"]: LastAssessment(SeekerId(row["seeker_id"]), row["occurred_on"]) for row in rows}


class CoursesStore(Aggregate[Courses]):
    """Keeps courses, a row for each. A command that touches them touches their seeker, whose row is locked before, so
    they need no lock of their own."""

    def key(self, state: Courses) -> SeekerId:
        return state.seeker_id

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, Courses]:
        rows = await conn.fetch(
            f"SELECT {_COURSE.names} FROM course WHERE seeker_id = ANY($1) ORDER BY seeker_id, course_id", keys
        )
        found: dict[SeekerId, list[Course]] = {}
        for row in rows:
            found.setdefault(row["seeker_id"], []).append(course_of(row))
        return {seeker_id: Courses(seeker_id, tuple(courses)) for seeker_id, courses in found.items()}

    async def save(self, conn: Connection, states: Sequence[Courses]) -> None:
        unsaved = [course for state in states for course in state.courses if course.course_id in state.unsaved]
        await conn.execute(_KEEP_COURSE, *_COURSE.arguments(unsaved))


class AddAssessments(Doer[Assessment]):
    """Adds assessments, under the locks of their seekers."""

    async def do(self, conn: Connection, effects: Sequence[Assessment]) -> None:
        await conn.execute(_ASSESSMENT.insert, *_ASSESSMENT.arguments(effects))
