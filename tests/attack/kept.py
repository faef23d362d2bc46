"""What a service keeps: of each table how many rows, and a sum over all that they hold."""

from typing import NamedTuple

from tests.kit.client import StackClient

TAKE_DOWN = frozenset({"seeker_read", "tried_out"})
"""Tables in which a refusal may leave something: who saw whom, and how many were tried out."""
MOVE = frozenset({"consumer_offset", "due_through", "summed", "split_daily", "person_again"})
"""Tables that change by themselves, as time goes by; what is summed up behind the facts too, once nothing comes in."""


class Kept(NamedTuple):
    """How many rows a table has, and the sum of their hashes."""

    rows: int
    sum: str


def kept(calling: StackClient, service: str) -> dict[str, Kept]:
    """Look at all tables of a service but those that a refusal may write."""
    tables = calling.query(service, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    names = [row["tablename"] for row in tables if row["tablename"] not in TAKE_DOWN | MOVE]
    each = (
        f"""SELECT '{name}' AS name, count(*) AS rows,
                   coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text AS sum FROM "{name}" t"""
        for name in names
    )
    found = calling.query(service, " UNION ALL ".join(each))
    return {row["name"]: Kept(row["rows"], row["sum"]) for row in found}


def changes(before: dict[str, Kept], after: dict[str, Kept]) -> list[str]:
    """Tell which tables aren't as they were."""
    return [
        f"{name}: {before[name].rows} rows, then {after[name].rows}" for name in before if before[name] != after[name]
    ]
