"""Locks on keys that have no row of their own to be locked: so many buckets of each kind of key.

A batch may name thousands of keys, and PostgreSQL has room for some thousand locks.
"""

import zlib
from collections.abc import Iterable

from chassis.database.db import Connection

BUCKETS = 256


async def lock_keys(conn: Connection, kind: str, keys: Iterable[object]) -> None:
    """Let nobody else lock any of these keys of a kind until the transaction ends; keys of one bucket wait for each
    other, too."""
    buckets = sorted({zlib.crc32(str(key).encode()) % BUCKETS for key in keys})
    if buckets:
        await conn.execute(
            "SELECT pg_advisory_xact_lock($1, bucket) FROM unnest($2::int[]) AS bucket",
            zlib.crc32(kind.encode()) & 0x7FFFFFFF,
            buckets,
        )
