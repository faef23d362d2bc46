"""Answers to named requests: the same Idempotency-Key gets the same answer, and nothing is done twice.

Only accepted commands are remembered, in the transaction of their change. What is kept is the answer and a hash
of what was asked, never the request itself.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from chassis.db import Connection
from chassis.decisions import IdempotencyKey


class Remembered(NamedTuple):
    """What was asked under a key (as a hash) and the JSON that was answered."""

    request_hash: bytes
    answer: bytes


async def recall(conn: Connection, keys: Sequence[IdempotencyKey]) -> Mapping[tuple[str, str], Remembered]:
    """Look up the answers already given, by caller and key."""
    rows = await conn.fetch(
        """SELECT i.caller, i.key, i.request_hash, i.answer
           FROM unnest($1::text[], $2::text[]) AS asked (caller, key)
           JOIN idempotency i USING (caller, key)""",
        [key.caller for key in keys],
        [key.key for key in keys],
    )
    return {(row["caller"], row["key"]): Remembered(row["request_hash"], row["answer"]) for row in rows}


async def remember(conn: Connection, answers: Sequence[tuple[IdempotencyKey, bytes]]) -> None:
    """Keep the answers; a key that another process kept meanwhile is a unique violation."""
    await conn.execute(
        """INSERT INTO idempotency (caller, key, request_hash, answer)
           SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[])""",
        [key.caller for key, _ in answers],
        [key.key for key, _ in answers],
        [key.request_hash for key, _ in answers],
        [answer for _, answer in answers],
    )
