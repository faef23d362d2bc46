"""The rows of imports that were taken: a row that comes again gets the answer that it got, whoever sends it and however
late.

They are kept in the transaction that takes them, in place of the answers under idempotency keys, which live for days.
"""

from collections.abc import Mapping, Sequence

from chassis.db import Connection
from chassis.decisions import ImportedRow, Remembered

DAYS_A_YEAR = 366


async def recall(conn: Connection, rows: Sequence[ImportedRow]) -> Mapping[tuple[str, ...], Remembered]:
    """Look up what rows were answered, by import, address and name."""
    found = await conn.fetch(
        """SELECT t.import_name, t.address, t.name, t.request_hash, t.answer
           FROM unnest($1::text[], $2::text[], $3::text[]) AS asked (import_name, address, name)
           JOIN taken_row t USING (import_name, address, name)""",
        [row.import_name for row in rows],
        [row.address for row in rows],
        [row.name for row in rows],
    )
    return {(one[0], one[1], one[2]): Remembered(one["request_hash"], one["answer"]) for one in found}


async def keep(conn: Connection, taken: Sequence[tuple[ImportedRow, bytes]]) -> None:
    """Keep rows with what they were answered. One that is kept already is a unique violation."""
    await conn.execute(
        """INSERT INTO taken_row (import_name, address, name, request_hash, answer)
           SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::bytea[])""",
        [row.import_name for row, _ in taken],
        [row.address for row, _ in taken],
        [row.name for row, _ in taken],
        [row.request_hash for row, _ in taken],
        [answer for _, answer in taken],
    )
