"""A connection of the pool goes back as it is, so nothing may be set on one that outlives its transaction."""

import re
from pathlib import Path

import pytest

from chassis.database import db
from jobplus.stack.local import Stack
from tests.kit.databases import Databases

ROOT = Path(__file__).parents[2]

OUTLIVES = re.compile(
    r"\bSET (?!LOCAL\b|TRANSACTION\b)[a-z_]+ *(=|TO\b)|\bSET SESSION\b|\bpg_(try_)?advisory_lock|\bLISTEN\b|\bPREPARE\b"
    r"|TEMP(ORARY)? TABLE (?![^;]*ON COMMIT DROP)|\bWITH HOLD\b"
)
"""What PostgreSQL keeps for a session beyond its transaction. The SET of an UPDATE names a column, which is followed by
`=` as well: those are told by their place, after a table."""

OWN = {"chassis/database/leadership.py", "chassis/database/migrating.py", "chassis/database/wake.py"}
"""Where such is said on a connection of one's own."""


def _said(path: Path) -> list[str]:
    """Give what a module says to PostgreSQL that outlives a transaction."""
    text = re.sub(r"(?i)(UPDATE\s+\S+(\s+(AS\s+)?\w+)?|DO UPDATE)\s+SET\b", "UPDATE", path.read_text())
    return [found.group() for found in OUTLIVES.finditer(text)]


def test_nothing_is_set_on_a_connection_of_the_pool_that_outlives_its_transaction() -> None:
    files = {path for folder in ("chassis", "services") for path in (ROOT / folder).rglob("*.py")}
    found = {str(path.relative_to(ROOT)) for path in files if _said(path)}
    assert found <= OWN
    assert "chassis/database/leadership.py" in found  # it would be found


async def test_a_transaction_that_was_left_open_is_rolled_back_before_the_connection_is_lent_again(
    stack: Stack, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = databases.url(await databases.another())
    arguments = {"dsn": url, "timeout": 5.0}
    monkeypatch.setattr(db, "connect_arguments", lambda _: arguments)
    settings = db.ServiceSettings.model_construct(database_pool=1, read_seconds=5.0)
    async with db.pool(settings, "test") as pool:
        async with pool.acquire() as conn:
            first = await conn.fetchval("SELECT pg_backend_pid()")
            await conn.execute("BEGIN; CREATE TABLE left_open (); SET LOCAL statement_timeout = 7")
        async with pool.acquire() as conn:
            assert await conn.fetchval("SELECT pg_backend_pid()") == first
            assert await conn.fetchval("SELECT to_regclass('left_open')") is None
            assert await conn.fetchval("SHOW statement_timeout") == "0"
