"""All SQL that loads and keeps assignments, and the desk that makes them."""

from collections.abc import Mapping, Sequence
from datetime import date

from chassis.batch.aggregates import Aggregate, Look
from chassis.batch.effects import Doer
from chassis.database.db import Connection
from chassis.database.rows import Rows
from contracts.ids import SeekerId
from services.intake.assignments import queries
from services.intake.assignments.model import Assignment, Desk
from services.intake.seekers.model import GroupInDoubt

_ASSIGNMENT = Rows[Assignment](
    "seeker",
    "seeker_id",
    {
        "seeker_id": "uuid",
        "counsellor_id": "uuid",
        "client_group": ("text", lambda assignment: assignment.group),
        "assigned_on": ("date", lambda assignment: assignment.since),
        "counsellor_chosen": ("bool", lambda assignment: assignment.chosen),
    },
)
_ASSIGN = _ASSIGNMENT.update()


class DeskStore(Look[Desk]):
    """Reads the desk of a day, and lets one batch of assignments be made after the other. The
    assignments tell it."""

    def key(self, state: Desk) -> date:
        return state.day

    async def load(self, conn: Connection, keys: Sequence[date]) -> Mapping[date, Desk]:
        await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('assignments', 0))")
        return {day: await queries.desk(conn, day) for day in keys}


class AssignmentStore(Aggregate[Assignment]):
    """Keeps the assignments in the seekers' rows, under the locks that the seekers have from the same batch."""

    def key(self, state: Assignment) -> SeekerId:
        return state.seeker_id

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, Assignment]:
        rows = await conn.fetch(f"SELECT {queries.ASSIGNMENT} FROM seeker WHERE seeker_id = ANY($1)", keys)
        return {SeekerId(row["seeker_id"]): queries.assignment_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Assignment]) -> None:
        await conn.execute(_ASSIGN, *_ASSIGNMENT.arguments(states))


class MarkDoubts(Doer[GroupInDoubt]):
    """Marks whose group is to be looked into, under the locks of their records, until it was."""

    async def do(self, conn: Connection, effects: Sequence[GroupInDoubt]) -> None:
        last = {doubt.seeker_id: doubt for doubt in effects}.values()
        if settled := [doubt.seeker_id for doubt in last if doubt.settled]:
            await conn.execute("DELETE FROM group_in_doubt WHERE seeker_id = ANY($1)", settled)
        if open_ones := [doubt.seeker_id for doubt in last if not doubt.settled]:
            await conn.execute(
                "INSERT INTO group_in_doubt SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING", sorted(open_ones)
            )
