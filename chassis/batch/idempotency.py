"""Answers to named requests: the same Idempotency-Key gets the same answer, and nothing is done twice.

Only accepted commands are remembered, in the transaction of their change (`outbox.append`). What is kept is the
answer and a hash of what was asked, never the request itself.
"""

from collections.abc import Mapping, Sequence

from chassis.batch.decisions import IdempotencyKey, Remembered
from chassis.database.db import Connection


async def recall(conn: Connection, keys: Sequence[IdempotencyKey]) -> Mapping[tuple[str, ...], Remembered]:
    """Look up the answers already given, by caller and key."""
    rows = await conn.fetch(
        """SELECT i.caller, i.key, i.request_hash, i.answer
           FROM unnest($1::text[], $2::text[]) AS asked (caller, key)
           JOIN idempotency i USING (caller, key)""",
        [key.caller for key in keys],
        [key.key for key in keys],
    )
    return {(row["caller"], row["key"]): Remembered(row["request_hash"], row["answer"]) for row in rows}
