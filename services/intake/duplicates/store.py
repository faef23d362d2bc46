"""All SQL of merging."""

from collections.abc import Mapping, Sequence

from chassis.batch.aggregates import Aggregate
from chassis.database.db import Connection, columns
from contracts.ids import SeekerId
from services.intake.duplicates.model import History

TABLES = ("consent", "sos_care_triage", "care_assessment", "course")
"""What moves with a merge: what is taken down about a person under `seeker_id`."""


class HistoryStore(Aggregate[History]):
    """Moves what was said and decided from one record to another; both are locked, and nothing is ever loaded.

    Sessions, launches and reads stay as they were taken down: the mark of the record leads on from their id.
    """

    def key(self, state: History) -> SeekerId:
        return state.merged_id

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, History]:
        return {}

    async def save(self, conn: Connection, states: Sequence[History]) -> None:
        given = columns([(s.merged_id, s.seeker_id) for s in states], 2)
        for table in TABLES:
            await conn.execute(
                f"""UPDATE {table} t SET seeker_id = given.seeker_id
                    FROM unnest($1::uuid[], $2::uuid[]) AS given (merged_id, seeker_id)
                    WHERE t.seeker_id = given.merged_id""",
                *given,
            )
