"""What is summed behind what was counted, and how far: sums answer up to there, what was counted since is added by
whoever reads (decision 25)."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Literal
from uuid import UUID

from chassis.database.db import Connection
from contracts.cases import Placed, PlacementCorrected, ReferralMade
from contracts.seekers import SeekersMerged
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.figures.model import PersonsOf
from services.reporting.figures.persons import MERGED, ONCE
from services.reporting.figures.rows import MEASURES, PERSONS

What = Literal["splits", "persons"]
"""Facts, by each single thing that their measure is split by (`split_daily`), and the times again of persons
(`person_again`)."""

SPLITS: tuple[tuple[Measure, Dimension], ...] = tuple((name, by) for name, row in MEASURES.items() for by in row.by)

AGAIN: tuple[PersonsOf, ...] = tuple(row.measure for row in PERSONS if row.measure not in ONCE)
"""The histories in which a person may count at several times."""

MOST_BEHIND = 20_000
"""Positions in the ledger: who has changed in more of them isn't looked for, everyone is counted."""


def _digest(*parts: object) -> str:
    return sha256(repr(parts).encode()).hexdigest()[:16]


MADE_OF: Mapping[What, str] = {"splits": _digest(SPLITS), "persons": _digest(AGAIN)}
"""Sums of something else, which another version made, nobody goes by."""

_LAST: Mapping[What, str] = {
    "splits": "SELECT max(fact_id) FROM fact",
    "persons": "SELECT max(position) FROM ledger",
}

TELL_OF_THEM = (ReferralMade, Placed, PlacementCorrected, SeekersMerged)
"""The events that change when persons count again."""

_KINDS = tuple(kind.type for kind in TELL_OF_THEM)


async def last(conn: Connection, what: What) -> int:
    """Give the last number that there is to sum up: of a fact, or a position in the ledger."""
    return await conn.fetchval(_LAST[what]) or 0


async def through(conn: Connection, what: What) -> int:
    """Give the number that sums go through; 0 where there are none to go by."""
    asked = "SELECT through FROM summed WHERE what = $1 AND made_of = $2"
    return await conn.fetchval(asked, what, MADE_OF[what]) or 0


async def changed(conn: Connection, after: int, until: int) -> list[UUID]:
    """Give the persons of whom the ledger tells from after a position up to another, and all whom merges unite with
    them."""
    rows = await conn.fetch(
        """WITH RECURSIVE told AS (
             SELECT key::uuid AS person_id FROM ledger WHERE position > $1 AND position <= $2 AND type = ANY($3)
             UNION
             SELECT e.subject FROM told JOIN person_event e USING (person_id) WHERE e.history = $4
           )
           SELECT person_id FROM told""",
        after,
        until,
        _KINDS,
        MERGED,
    )
    return [row["person_id"] for row in rows]


async def changed_since(conn: Connection) -> list[UUID] | None:
    """Give the persons who may have changed since their times again were summed up; None where these are too far
    behind to go by."""
    after, until = await through(conn, "persons"), await last(conn, "persons")
    return await changed(conn, after, until) if until - after <= MOST_BEHIND else None
