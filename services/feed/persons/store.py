"""All SQL that keeps persons."""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from chassis.batch.aggregates import Aggregate
from chassis.batch.effects import Doer
from chassis.database.db import Connection
from chassis.database.rows import Rows
from contracts.ids import SeekerId
from services.feed.persons.model import Care, FormerCounsellor, Opening, Person, PersonOfCode


def _written(person: Person) -> str:
    """Write the times in SOS-Care as a multirange of days."""
    return "{" + ",".join(f"[{care.since},{care.ended_on or ''})" for care in person.cares) + "}"


_PERSON = Rows[Person](
    "person",
    "seeker_id",
    {
        "seeker_id": "uuid",
        "consents": "bool",
        "said_at": "timestamptz",
        "stays": "uuid",
        "erased": "bool",
        "cares": ("text", _written),
        "counsellor_id": "uuid",
    },
)
_KEEP = f"""INSERT INTO person (seeker_id, consents, said_at, stays, erased, cares, counsellor_id)
    SELECT seeker_id, consents, said_at, stays, erased, cares::datemultirange, counsellor_id FROM {_PERSON.given}
    ON CONFLICT (seeker_id) DO UPDATE SET
        consents = excluded.consents, said_at = excluded.said_at, stays = excluded.stays, erased = excluded.erased,
        cares = excluded.cares, counsellor_id = excluded.counsellor_id"""


_OPENING = Rows[Opening](
    "record_opening",
    ("seeker_id", "opened_on", "counsellor_id"),
    {"seeker_id": "uuid", "opened_on": "date", "counsellor_id": "uuid"},
)


def _cares(ranges: Sequence[Any]) -> tuple[Care, ...]:
    return tuple(Care(one.lower, one.upper) for one in ranges)


class PersonStore(Aggregate[Person]):
    """Keeps persons."""

    def key(self, state: Person) -> SeekerId:
        return state.seeker_id

    async def find(self, conn: Connection, finds: Sequence[PersonOfCode]) -> Mapping[Any, SeekerId]:
        rows = await conn.fetch(
            "SELECT digest, seeker_id FROM code WHERE digest = ANY($1)", [find.digest for find in finds]
        )
        return {PersonOfCode(row["digest"]): row["seeker_id"] for row in rows}

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, Person]:
        rows: list[asyncpg.Record] = await conn.fetch(
            """SELECT seeker_id, consents, said_at, cares, stays, erased, counsellor_id FROM person
               WHERE seeker_id = ANY($1) ORDER BY seeker_id FOR UPDATE""",
            keys,
        )
        return {
            row["seeker_id"]: Person(
                row["seeker_id"],
                row["consents"],
                row["said_at"],
                _cares(row["cares"]),
                row["stays"],
                row["erased"],
                row["counsellor_id"],
            )
            for row in rows
        }

    async def save(self, conn: Connection, states: Sequence[Person]) -> None:
        await conn.execute(_KEEP, *_PERSON.arguments(states))


class AddOpenings(Doer[Opening]):
    """Adds openings. No lock is theirs: two batches that add the same ones add them in one order."""

    async def do(self, conn: Connection, effects: Sequence[Opening]) -> None:
        await conn.execute(_OPENING.keep_first, *_OPENING.arguments(sorted(effects)))


class NoteDepartures(Doer[FormerCounsellor]):
    """Keeps who has left."""

    async def do(self, conn: Connection, effects: Sequence[FormerCounsellor]) -> None:
        await conn.execute(
            "INSERT INTO former_counsellor (counsellor_id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING",
            sorted(former.counsellor_id for former in effects),
        )


async def given_up_for(conn: Connection, seeker_ids: Sequence[SeekerId]) -> list[SeekerId]:
    """List the records that were given up for those of some persons."""
    rows = await conn.fetch("SELECT seeker_id FROM person WHERE stays = ANY($1) ORDER BY 1", seeker_ids)
    return [row["seeker_id"] for row in rows]
