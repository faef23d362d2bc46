"""All SQL that keeps links and codes."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from chassis.batch.aggregates import Aggregate
from chassis.batch.effects import Doer
from chassis.database.db import Connection
from chassis.database.rows import Rows
from contracts.ids import SeekerId
from services.feed.links.model import Code, ForgottenPerson, Link, LinkByCode, LinkOfPerson, StandingLink

_LINK = Rows[Link](
    "link",
    "link_id",
    {
        "link_id": "uuid",
        "partner": "text",
        "client_number": "text",
        "seeker_id": "uuid",
        "linked_at": "timestamptz",
        "linked_by": "text",
        "ended_at": "timestamptz",
    },
)
_KEEP_LINK = _LINK.keep(["seeker_id", "ended_at"])

_CODE = Rows[Code](
    "code",
    "digest",
    {"digest": "bytea", "partner": "text", "seeker_id": "uuid", "until": "timestamptz", "used": "bool"},
)
_KEEP_CODE = _CODE.keep(["used"])


class LinkStore(Aggregate[Link]):
    """Keeps links, those that ended too."""

    def key(self, state: Link) -> UUID:
        return state.link_id

    async def find(self, conn: Connection, finds: Sequence[Any]) -> Mapping[Any, UUID]:
        """Find links that stand: by number, by person, by the person of a code."""
        numbers = [find for find in finds if isinstance(find, StandingLink)]
        persons = [find for find in finds if isinstance(find, LinkOfPerson)]
        codes = [find for find in finds if isinstance(find, LinkByCode)]
        by_number = await conn.fetch(
            """SELECT l.partner, l.client_number, l.link_id FROM link l
               JOIN unnest($1::text[], $2::text[]) AS asked (partner, client_number) USING (partner, client_number)
               WHERE l.ended_at IS NULL""",
            [find.partner for find in numbers],
            [find.client_number for find in numbers],
        )
        by_person = await conn.fetch(
            """SELECT l.partner, l.seeker_id, l.link_id FROM link l
               JOIN unnest($1::text[], $2::uuid[]) AS asked (partner, seeker_id) USING (partner, seeker_id)
               WHERE l.ended_at IS NULL""",
            [find.partner for find in persons],
            [find.seeker_id for find in persons],
        )
        by_code = await conn.fetch(
            """SELECT c.digest, l.link_id FROM code c JOIN link l USING (partner, seeker_id)
               WHERE c.digest = ANY($1) AND l.ended_at IS NULL""",
            [find.digest for find in codes],
        )
        return {
            **{StandingLink(row["partner"], row["client_number"]): row["link_id"] for row in by_number},
            **{LinkOfPerson(row["partner"], row["seeker_id"]): row["link_id"] for row in by_person},
            **{LinkByCode(row["digest"]): row["link_id"] for row in by_code},
        }

    async def load(self, conn: Connection, keys: Sequence[UUID]) -> Mapping[UUID, Link]:
        rows = await conn.fetch(
            f"SELECT {_LINK.names} FROM link WHERE link_id = ANY($1) ORDER BY link_id FOR UPDATE", keys
        )
        return {row["link_id"]: Link(*row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Link]) -> None:
        await conn.execute(_KEEP_LINK, *_LINK.arguments(states))


class CodeStore(Aggregate[Code]):
    """Keeps codes."""

    def key(self, state: Code) -> bytes:
        return state.digest

    async def load(self, conn: Connection, keys: Sequence[bytes]) -> Mapping[bytes, Code]:
        rows = await conn.fetch(
            f"SELECT {_CODE.names} FROM code WHERE digest = ANY($1) ORDER BY digest FOR UPDATE", keys
        )
        return {row["digest"]: Code(*row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Code]) -> None:
        await conn.execute(_KEEP_CODE, *_CODE.arguments(states))


class ForgetPersons(Doer[ForgottenPerson]):
    """Forgets who was erased: the partner's number stays with the link, and stands for nobody. What its entries told is
    gone since the link ended."""

    async def do(self, conn: Connection, effects: Sequence[ForgottenPerson]) -> None:
        erased = [one.seeker_id for one in effects]
        for table in ("code", "record_opening"):
            await conn.execute(f"DELETE FROM {table} WHERE seeker_id = ANY($1)", erased)
        rows = await conn.fetch("UPDATE link SET seeker_id = NULL WHERE seeker_id = ANY($1) RETURNING link_id", erased)
        links = [row["link_id"] for row in rows]
        if links:
            await conn.execute("DELETE FROM passed_on WHERE link_id = ANY($1)", links)
            await conn.execute("UPDATE entry SET link_id = NULL WHERE link_id = ANY($1)", links)


class Lead(NamedTuple):
    """An id of a person, the record that stays of them, and whether they are linked."""

    asked: UUID
    stays: SeekerId
    linked: bool


async def leads_of(conn: Connection, ids: Sequence[UUID]) -> list[Lead]:
    """Tell of those of some ids that lead to another record, or to one that is linked."""
    rows = await conn.fetch(
        """SELECT asked, stays, linked
           FROM (SELECT p.seeker_id AS asked, coalesce(p.stays, p.seeker_id) AS stays,
                        EXISTS (SELECT FROM link l
                                WHERE l.seeker_id = coalesce(p.stays, p.seeker_id) AND l.ended_at IS NULL) AS linked
                 FROM person p WHERE p.seeker_id = ANY($1)) AS found
           WHERE linked OR stays <> asked""",
        ids,
    )
    return [Lead(*row) for row in rows]


async def standing_of(conn: Connection, seeker_ids: Sequence[SeekerId]) -> list[Link]:
    """Read, under their locks, the links that stand of some persons."""
    rows = await conn.fetch(
        f"""SELECT {_LINK.names} FROM link
            WHERE seeker_id = ANY($1) AND ended_at IS NULL ORDER BY link_id FOR UPDATE""",
        seeker_ids,
    )
    return [Link(*row) for row in rows]
