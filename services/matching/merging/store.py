"""All SQL of merging."""

from collections.abc import Mapping, Sequence

from chassis.batch.effects import Doer
from chassis.database.db import Connection, columns
from contracts.ids import SeekerId
from services.matching.merging.model import TakenOver


class TakeOver(Doer[TakenOver]):
    """Moves the rows of records that were merged, and the marks of what was merged into those before.

    Who merges holds the locks of both seekers. Their referrals are kept by then as they end.
    """

    async def do(self, conn: Connection, effects: Sequence[TakenOver]) -> None:
        steps = {taken.seeker_id: taken.kept_id for taken in effects}
        given = columns([(seeker_id, _end(seeker_id, steps)) for seeker_id in steps], 2)
        for table, column in (("referral", "seeker_id"), ("placement", "seeker_id"), ("seeker", "merged_into")):
            await conn.execute(
                f"""UPDATE {table} t SET {column} = given.kept_id
                    FROM unnest($1::uuid[], $2::uuid[]) AS given (seeker_id, kept_id)
                    WHERE t.{column} = given.seeker_id""",
                *given,
            )
        await conn.execute(
            """UPDATE internship i
               SET seeker_id = given.kept_id,
                   beside = i.beside OR i.status = 'running' AND EXISTS (
                       SELECT FROM internship other
                       WHERE other.seeker_id = given.kept_id AND other.status = 'running' AND NOT other.beside)
               FROM unnest($1::uuid[], $2::uuid[]) AS given (seeker_id, kept_id)
               WHERE i.seeker_id = given.seeker_id""",
            *given,
        )


def _end(seeker_id: SeekerId, steps: Mapping[SeekerId, SeekerId]) -> SeekerId:
    """Follow records from merge to merge: several of one person may be merged in a batch."""
    while seeker_id in steps:
        seeker_id = steps[seeker_id]
    return seeker_id
