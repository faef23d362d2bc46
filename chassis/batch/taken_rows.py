"""The rows of imports that were taken: a row that comes again gets the answer that it got, whoever sends it and however
late.

They are kept in the transaction that takes them, in place of the answers under idempotency keys, which live for days.
Once the person is erased of whom a row tells, nothing is kept of it but a mark, where it had a `ref`: by it the row is
known, and refused.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.batch.decisions import ImportedRow, PublishedEvent, Remembered
from chassis.batch.effects import Doer, Effect
from chassis.batch.marks import Marks
from chassis.database.db import Connection
from chassis.tables.row_names import is_by_content

DAYS_A_YEAR = 366

PersonOf = Callable[[PublishedEvent], UUID | None]
"""Tells of which person an event is, if of one."""

ERASED = Remembered(b"", b"")
"""What is remembered of a row whose person was erased."""


class TakenRows:
    """The rows that a service took. One that takes none about persons has no marks."""

    def __init__(self, marks: Marks | None = None, person_of: PersonOf = lambda _: None) -> None:
        self._marks = marks
        self._person_of = person_of

    async def recall(self, conn: Connection, rows: Sequence[ImportedRow]) -> Mapping[tuple[str, ...], Remembered]:
        """Look up what rows were answered, by import, address and name; ERASED where the person was erased."""
        found = await conn.fetch(
            """SELECT asked.*, t.request_hash, t.answer
               FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[]) AS asked (import_name, address, name, mark)
               LEFT JOIN taken_row t USING (import_name, address, name)
               LEFT JOIN erased_row e USING (mark)
               WHERE t.name IS NOT NULL OR e.mark IS NOT NULL""",
            [row.import_name for row in rows],
            [row.address for row in rows],
            [row.name for row in rows],
            [self._mark(row.named) for row in rows],
        )
        return {
            (one["import_name"], one["address"], one["name"]): (
                ERASED if one["answer"] is None else Remembered(one["request_hash"], one["answer"])
            )
            for one in found
        }

    async def keep(
        self, conn: Connection, taken: Sequence[tuple[ImportedRow, bytes, Sequence[PublishedEvent]]]
    ) -> None:
        """Keep rows with what they were answered and what was published of them. One that is kept already is a unique
        violation."""
        await conn.execute(
            """INSERT INTO taken_row (import_name, address, name, request_hash, answer, person)
               SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::bytea[], $6::uuid[])""",
            [row.import_name for row, _, _ in taken],
            [row.address for row, _, _ in taken],
            [row.name for row, _, _ in taken],
            [row.request_hash for row, _, _ in taken],
            [answer for _, answer, _ in taken],
            [next(filter(None, map(self._person_of, events)), None) for _, _, events in taken],
        )

    async def erase(self, conn: Connection, persons: Sequence[UUID]) -> None:
        """Keep nothing of what rows told of persons, but the marks of those that had a `ref`."""
        erased = await conn.fetch(
            "DELETE FROM taken_row WHERE person = ANY($1) RETURNING import_name, address, name", persons
        )
        marks = {self._mark(tuple(row)) for row in erased} - {None}
        if marks:
            await conn.execute("INSERT INTO erased_row (mark) SELECT unnest($1::bytea[]) ON CONFLICT DO NOTHING", marks)

    def _mark(self, named: tuple[str, ...]) -> bytes | None:
        return None if self._marks is None or is_by_content(named[-1]) else self._marks.of(named)


@dataclass(frozen=True, slots=True)
class ErasedPerson(Effect):
    """That a person was erased: nothing of their rows is kept."""

    person: UUID


class EraseRows(Doer[ErasedPerson]):
    """Erases what rows told of a person, in the transaction of their erasure."""

    def __init__(self, rows: TakenRows) -> None:
        self._rows = rows

    async def do(self, conn: Connection, effects: Sequence[ErasedPerson]) -> None:
        await self._rows.erase(conn, [erased.person for erased in effects])
