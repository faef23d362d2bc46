"""Reads what the services show, and tells whether all is well: by their HTTP interfaces and, as nobody else can see
locks and whole ledgers, in their databases."""

import asyncio
from collections.abc import Sequence
from typing import Any

import psycopg

from jobplus.client import Refusal
from jobplus.settling import Unsettled, settled
from jobplus.stack.errors import StackFailed
from jobplus.stack.health import unready_because
from jobplus.stack.local import Stack
from jobplus.stack.ports import ROLES, SERVICES, health_port
from tests.faults.checker import Copy, Entry, Seen

QUIET_SECONDS = 5.0
"""A transaction older than this, where nobody asks anything, was left behind."""

_LOCKS = """
SELECT datname, application_name, state, wait_event_type, left(query, 60)
FROM pg_stat_activity
WHERE datname = ANY(%s) AND pid <> pg_backend_pid() AND backend_type = 'client backend'
  AND (xact_start < clock_timestamp() - make_interval(secs => %s) OR wait_event_type = 'Lock'
       OR state LIKE 'idle in transaction%%' AND state_change < clock_timestamp() - interval '1 second')
"""
_LEDGER = """
SELECT event_id::text, topic, key, sequence, type, correlation_id, actor_role = 'system' FROM ledger ORDER BY position
"""
_FIGURES = "SELECT measure, sum(amount)::int FROM daily GROUP BY 1"
_SET_ASIDE = """
SELECT convert_from(key, 'UTF8') FROM dead_letter WHERE key IS NOT NULL UNION ALL SELECT key FROM unsent_event
"""
_COPIES = (
    (
        "seekers of matching",
        "intake",
        "SELECT seeker_id FROM seeker",
        "matching",
        "SELECT seeker_id FROM seeker WHERE status IS NOT NULL",
    ),
    ("firms of matching", "intake", "SELECT employer_id FROM employer", "matching", "SELECT employer_id FROM employer"),
    (
        "jobs of followup",
        "matching",
        "SELECT placement_id FROM placement",
        "followup",
        "SELECT placement_id FROM employment",
    ),
)


def trouble(stack: Stack) -> str | None:
    """Say why not all is well, in a line; None when it is: every process ready, nothing to send or to apply, nothing
    set aside, no number missing, no transaction left open, no lock waited for."""
    for service in stack.services:
        for role in ROLES:
            if reason := unready_because(health_port(stack.base_port, service, role)):
                return f"{service}-{role}: {reason}"
    try:
        statuses = asyncio.run(settled(stack, stack.services, seconds=1.0))
    except (Unsettled, Refusal, OSError, StackFailed) as error:
        return str(error)
    for status in statuses:
        for aside in ("dead_letters", "unsent_events"):
            if any(status[aside].values()):
                return f"set aside in {status['service']}: {aside} {status[aside]}"
    try:
        if gaps := _rows(stack, "reporting", "SELECT topic, key, sequence FROM sequence_gap LIMIT 5"):
            return f"numbers are missing: {gaps}"
        left = _rows(stack, "postgres", _LOCKS, (list(stack.services), QUIET_SECONDS))
    except psycopg.Error as error:
        return f"PostgreSQL: {error}"
    return f"left open or waiting: {left[0]}" if left else None


def see(stack: Stack) -> Seen:
    """Read what there is, when all is quiet; where it isn't, the ledger and the figures still are of one moment."""
    ledger, figures = _of_one_moment(stack, "reporting", _LEDGER, _FIGURES)
    return Seen(
        ledger=[Entry(*row) for row in ledger],
        kept=[row[0] for service in SERVICES for row in _rows(stack, service, "SELECT key FROM idempotency")],
        figures=dict(figures),
        copies=[
            Copy(name, _ids(stack, owner, owned), _ids(stack, reader, held))
            for name, owner, owned, reader, held in _COPIES
        ],
        told=[row[0] for service in stack.services for row in _rows(stack, service, _SET_ASIDE)],
    )


def facts(stack: Stack) -> list[tuple[Any, ...]]:
    """The rollups of all figures, to be compared with those of a rebuild."""
    return _rows(
        stack,
        "reporting",
        "SELECT measure, occurred_on, recorded_on, dimensions::text, amount FROM daily WHERE amount <> 0",
    )


def _ids(stack: Stack, service: str, sql: str) -> list[str]:
    return [str(row[0]) for row in _rows(stack, service, sql)]


def _rows(stack: Stack, database: str, sql: str, given: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with psycopg.connect(stack.database_url(database), autocommit=True, connect_timeout=3) as conn:
        return list(conn.execute(sql.encode(), given or None).fetchall())


def _of_one_moment(stack: Stack, database: str, *statements: str) -> list[list[tuple[Any, ...]]]:
    with psycopg.connect(stack.database_url(database), connect_timeout=3) as conn:
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return [list(conn.execute(sql.encode()).fetchall()) for sql in statements]
