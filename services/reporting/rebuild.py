"""`python -m services.reporting.rebuild`: makes all facts anew from the ledger, in one transaction.

For a new figure, or one that counts differently. Run it with the version that the workers run. Nothing enters the
ledger meanwhile (a worker waits, and goes on by itself); the figures are answered as they were until its last
step, the exchange of the tables, for which readers wait.
"""

from chassis.running import ending as ending  # before what takes long to import

# isort: split
import asyncio
import sys
from collections.abc import AsyncGenerator, Sequence

from chassis.database import db
from chassis.running.settings import read
from services.reporting import figures, ledger
from services.reporting.ledger.model import Entry
from services.reporting.settings import ReportingSettings

BATCH = 5_000


async def rebuild(pool: db.Pool) -> int:
    """Count every entry of the ledger anew; gives how many there are."""
    counted = 0

    async def batches(conn: db.Connection) -> AsyncGenerator[Sequence[Entry]]:
        nonlocal counted
        position = 0
        while entries := await ledger.store.entries_after(conn, position, BATCH):
            yield entries
            counted, position = counted + len(entries), entries[-1].position
            print(f"\r{counted} events counted", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)

    async with pool.acquire() as conn, conn.transaction():
        await db.take_long(conn)
        await ledger.store.stand_still(conn)
        await figures.store.count_anew(conn, batches(conn))
    return counted


async def _main() -> None:
    async with db.pool(read(ReportingSettings), "jobplus reporting rebuild") as pool:
        await rebuild(pool)


if __name__ == "__main__":
    asyncio.run(_main())
