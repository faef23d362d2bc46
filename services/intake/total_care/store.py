"""All SQL of total care."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from chassis.aggregates import NothingToFind
from chassis.db import Connection, columns
from contracts.ids import SeekerId
from services.intake.total_care.model import Assessment, Course, Courses, LastAssessment

_COURSE = "course_id, seeker_id, course, hours, stage, enrolled_on, completed_on, dropped_on, dropped_as"


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


class AssessmentStore(NothingToFind):
    """Keeps assessments. They are only ever added, so there is nothing to load."""

    def key(self, state: Assessment) -> UUID:
        return state.assessment_id

    async def load(self, conn: Connection, keys: Sequence[UUID]) -> Mapping[UUID, Assessment]:
        return {}

    async def save(self, conn: Connection, states: Sequence[Assessment]) -> None:
        await conn.execute(
            """INSERT INTO care_assessment (assessment_id, seeker_id, occurred_on, answers, stage)
               SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::jsonb[], $5::text[])""",
            *columns([(a.assessment_id, a.seeker_id, a.occurred_on, dict(a.answers), a.stage) for a in states], 5),
        )


class LastAssessmentStore(NothingToFind):
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

    async def save(self, conn: Connection, states: Sequence[LastAssessment]) -> None:
        """Nothing is left to keep."""


class CoursesStore(NothingToFind):
    """Keeps courses, a row for each. A command that touches them touches their seeker, whose row is locked before, so
    they need no lock of their own."""

    def key(self, state: Courses) -> SeekerId:
        return state.seeker_id

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, Courses]:
        rows = await conn.fetch(
            f"SELECT {_COURSE} FROM course WHERE seeker_id = ANY($1) ORDER BY seeker_id, course_id", keys
        )
        found: dict[SeekerId, list[Course]] = {}
        for row in rows:
            found.setdefault(row["seeker_id"], []).append(course_of(row))
        return {seeker_id: Courses(seeker_id, tuple(courses)) for seeker_id, courses in found.items()}

    async def save(self, conn: Connection, states: Sequence[Courses]) -> None:
        await conn.execute(
            f"""INSERT INTO course ({_COURSE})
                SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::date[], $7::date[],
                                     $8::date[], $9::text[])
                ON CONFLICT (course_id) DO UPDATE SET
                    completed_on = excluded.completed_on, dropped_on = excluded.dropped_on,
                    dropped_as = excluded.dropped_as""",
            *columns(
                [
                    (
                        c.course_id, c.seeker_id, c.course, c.hours, c.stage, c.enrolled_on, c.completed_on,
                        c.dropped_on, c.dropped_as,
                    )
                    for state in states
                    for c in state.courses
                    if c.course_id in state.unsaved
                ],
                9,
            ),
        )  # fmt: skip
