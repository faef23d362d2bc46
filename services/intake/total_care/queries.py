"""Reads of total care."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import asyncpg

from chassis.database.db import Connection
from contracts.codes import CareStage
from services.intake.total_care.model import Course
from services.intake.total_care.store import course_of


class Care(NamedTuple):
    """A seeker's stage, None outside total care; their assessments, the newest first; their courses, oldest first."""

    stage: CareStage | None
    assessments: Sequence[asyncpg.Record]
    courses: Sequence[Course]


async def care(conn: Connection, seeker_id: UUID) -> Care | None:
    """Read a seeker's total care, None when there is no such seeker."""
    seeker = await conn.fetchrow("SELECT care_stage FROM seeker WHERE seeker_id = $1", seeker_id)
    if seeker is None:
        return None
    assessments = await conn.fetch(
        """SELECT assessment_id, occurred_on, answers, stage FROM care_assessment
           WHERE seeker_id = $1 ORDER BY assessment_id DESC""",
        seeker_id,
    )
    courses = await conn.fetch("SELECT * FROM course WHERE seeker_id = $1 ORDER BY course_id", seeker_id)
    return Care(seeker["care_stage"], assessments, [course_of(row) for row in courses])
