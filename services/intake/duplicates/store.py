"""All SQL of merging."""

from collections.abc import Sequence

from chassis.batch.effects import Doer
from chassis.database.db import Connection, columns
from services.intake.duplicates.model import TakenOver

TABLES = ("consent", "sos_care_triage", "care_assessment", "course")
"""What moves with a merge: what is taken down about a person under `seeker_id`."""


class TakeOver(Doer[TakenOver]):
    """Moves what was said and decided from one record to another; both are locked.

    Sessions, launches and looks stay as they were taken down: the mark of the record leads on from their id.
    """

    async def do(self, conn: Connection, effects: Sequence[TakenOver]) -> None:
        given = columns([(taken.merged_id, taken.seeker_id) for taken in effects], 2)
        for table in TABLES:
            await conn.execute(
                f"""UPDATE {table} t SET seeker_id = given.seeker_id
                    FROM unnest($1::uuid[], $2::uuid[]) AS given (merged_id, seeker_id)
                    WHERE t.seeker_id = given.merged_id""",
                *given,
            )
