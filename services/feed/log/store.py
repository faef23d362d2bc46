"""All SQL that fills partners' logs, and takes out of them what may be passed on no more."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.batch.aggregates import Aggregate
from chassis.batch.effects import Doer
from chassis.database.db import Connection
from chassis.database.rows import Rows, of_part
from services.feed.entries import EmptiedByConsent, EmptiedLinks, Entry, Partner, Position
from services.feed.grants.model import PartnerOfGrant
from services.feed.grants.queries import partners_of

_PARTNER = Rows[Partner](
    "partner",
    "partner",
    {
        "partner": "text",
        "secret": "bytea",
        "number": ("bigint", lambda partner: partner.end.number),
        "mark": ("bytea", lambda partner: partner.end.mark),
    },
)
_KEEP_PARTNER = _PARTNER.keep(["number", "mark"])

_ENTRY = Rows[Entry](
    "entry",
    ("partner", "number"),
    {
        "partner": "text",
        "number": ("bigint", lambda entry: entry.position.number),
        "before": "bytea",
        "type": "text",
        "occurred_on": "date",
        "body": "bytea",
        "link_id": "uuid",
        "grant_id": "uuid",
        "topic": ("text", of_part("origin", "topic")),
        "partition": ("int", of_part("origin", "partition")),
        '"offset"': ("bigint", of_part("origin", "offset")),
    },
)


class PartnerStore(Aggregate[Partner]):
    """Keeps partners, each of which is locked while its log grows."""

    def key(self, state: Partner) -> str:
        return state.partner

    async def find(self, conn: Connection, finds: Sequence[PartnerOfGrant]) -> Mapping[Any, str]:
        found = await partners_of(conn, [find.grant_id for find in finds])
        return {PartnerOfGrant(grant_id): partner for grant_id, partner in found.items()}

    async def load(self, conn: Connection, keys: Sequence[str]) -> Mapping[str, Partner]:
        rows = await conn.fetch(
            f"SELECT {_PARTNER.names} FROM partner WHERE partner = ANY($1) ORDER BY partner FOR UPDATE", keys
        )
        return {
            row["partner"]: Partner(row["partner"], row["secret"], Position(row["number"], row["mark"])) for row in rows
        }

    async def save(self, conn: Connection, states: Sequence[Partner]) -> None:
        await conn.execute(_KEEP_PARTNER, *_PARTNER.arguments(states))


class AddEntries(Doer[Entry]):
    """Adds what is entered."""

    async def do(self, conn: Connection, effects: Sequence[Entry]) -> None:
        await conn.execute(_ENTRY.insert, *_ENTRY.arguments(effects))


class EmptyLinks(Doer[EmptiedLinks]):
    """Takes out what the entries of links tell, but for the one that says that passing on has ended."""

    async def do(self, conn: Connection, effects: Sequence[EmptiedLinks]) -> None:
        await conn.execute(
            "UPDATE entry SET body = NULL WHERE link_id = ANY($1) AND grant_id IS NOT NULL AND body IS NOT NULL",
            [one.link_id for one in effects],
        )


class EmptyByConsent(Doer[EmptiedByConsent]):
    """Takes out what the entries of links tell that were granted on the ground of consent."""

    async def do(self, conn: Connection, effects: Sequence[EmptiedByConsent]) -> None:
        await conn.execute(
            """UPDATE entry e SET body = NULL
               FROM unnest($1::uuid[], $2::bigint[]) AS ended (link_id, through), passing_grant g
               WHERE e.link_id = ended.link_id AND e.number <= ended.through AND g.grant_id = e.grant_id
                 AND g.ground = 'consent' AND e.body IS NOT NULL""",
            [one.link_id for one in effects],
            [one.through for one in effects],
        )
