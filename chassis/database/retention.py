"""Deletes, once an hour, what has outlived its days: the chassis's tables that grow, and those of the service.

    look, by the index on kept_at, which blocks hold rows that are too old -> delete those of a few blocks,
    a portion in a transaction of its own -> the next blocks; look again, where there was more than a look takes

Rows that are too old lie together, as they came, so a portion costs what its blocks cost, however many were deleted
before it. A row that somebody holds locked is left to the next round; what fails in one table is tried again in a
minute, and is none of the others' business.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

import structlog

from chassis.batch.taken_rows import DAYS_A_YEAR
from chassis.database.db import CONNECT_SECONDS, Connection, Pool
from chassis.running import telemetry
from chassis.running.settings import ServiceSettings

log = structlog.get_logger()

EVERY_SECONDS = 3600.0
AGAIN_SECONDS = 60.0
"""After a round in which something failed."""
PORTION_BLOCKS = 32
"""Of 8 KB: some 5,000 rows of the narrowest table, the inbox."""
MOST_LOOKED_AT = 1_000_000
"""Rows that one look takes in: with a cold cache a few seconds."""
LOOK_SECONDS = 20.0
PORTION_SECONDS = 5.0
LOCK_SECONDS = 1.0
"""For the table's own lock, where a migration holds it; no row is waited for."""
REST_SECONDS = 0.02
"""Between two portions, for others."""
END_SECONDS = 1.0


class Retention:
    """Ages out idempotency keys, rows of imports, inbox ids, and the service's tables that `own` names with their days.

    The outbox empties itself; dead letters wait for a person.
    """

    def __init__(self, pool: Pool, settings: ServiceSettings, own: Mapping[str, int]) -> None:
        self._pool = pool
        years = settings.taken_years * DAYS_A_YEAR
        self._days = {
            "idempotency": settings.idempotency_days,
            "taken_row": years,
            "erased_row": years,
            "inbox": settings.inbox_days,
            **own,
        }

    async def run(self, stopping: asyncio.Event) -> None:
        """Delete, then wait for an hour, or a minute where something failed, until `stopping`; a portion that is
        under way then is given up."""
        stop = asyncio.ensure_future(stopping.wait())
        while not stopping.is_set():
            deleting = asyncio.ensure_future(self.delete())
            await asyncio.wait({deleting, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not deleting.done():
                deleting.cancel()
                await asyncio.wait({deleting}, timeout=END_SECONDS)
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), AGAIN_SECONDS if deleting.result() else EVERY_SECONDS)

    async def delete(self) -> Sequence[str]:
        """Delete what is too old by now, table by table; gives the tables in which that failed."""
        return [table for table, days in self._days.items() if not await self._emptied(table, days)]

    async def _emptied(self, table: str, days: int) -> bool:
        """Tell whether all that is too old in a table could be deleted; what somebody holds is left."""
        try:
            full, deleted = True, 1
            while full and deleted:
                full, portions = await self._look(table, days)
                deleted = 0
                for portion in portions:
                    deleted += await self._delete_portion(table, days, portion)
                    await asyncio.sleep(REST_SECONDS)
        except Exception as error:
            telemetry.RETENTION_FAILED.labels(table).inc()
            log.warning("retention_failed", table=table, kind=type(error).__name__, error=str(error) or repr(error))
            return False
        return True

    async def _look(self, table: str, days: int) -> tuple[bool, list[int]]:
        """Find the portions that hold rows which are too old; says also whether there may be more of them."""
        async with self._briefly(LOOK_SECONDS) as conn:
            rows = await conn.fetch(
                f"""SELECT (ctid::text::point)[0]::bigint / {PORTION_BLOCKS} AS portion, count(*) AS old
                    FROM (SELECT ctid FROM {table} WHERE kept_at < now() - make_interval(days => $1) LIMIT $2) AS found
                    GROUP BY 1 ORDER BY 1""",
                days,
                MOST_LOOKED_AT,
            )
        return sum(row["old"] for row in rows) == MOST_LOOKED_AT, [row["portion"] for row in rows]

    async def _delete_portion(self, table: str, days: int, portion: int) -> int:
        """Delete the rows of a portion that are too old and that nobody holds; gives how many."""
        async with self._briefly(PORTION_SECONDS) as conn:
            status = await conn.execute(
                f"""DELETE FROM {table} WHERE ctid = ANY(ARRAY(
                        SELECT ctid FROM {table}
                        WHERE ctid >= $2::tid AND ctid < $3::tid AND kept_at < now() - make_interval(days => $1)
                        FOR UPDATE SKIP LOCKED))""",
                days,
                (PORTION_BLOCKS * portion, 0),
                (PORTION_BLOCKS * (portion + 1), 0),
            )
        deleted = int(status.removeprefix("DELETE "))
        telemetry.RETENTION_DELETED.labels(table).inc(deleted)
        return deleted

    @asynccontextmanager
    async def _briefly(self, seconds: float) -> AsyncGenerator[Connection]:
        """Lend a connection in a transaction whose statements, and whose waiting for a table, have their time."""
        async with self._pool.acquire(timeout=CONNECT_SECONDS) as conn, conn.transaction():
            times = (
                f"statement_timeout = {round(1000 * seconds)}; SET LOCAL lock_timeout = {round(1000 * LOCK_SECONDS)}"
            )
            await conn.execute(f"SET LOCAL {times}")
            yield conn
