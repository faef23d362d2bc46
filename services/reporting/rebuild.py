"""`python -m services.reporting.rebuild`: makes all facts anew from the ledger, in one transaction.

For a new figure, or one that counts differently. The worker should be stopped meanwhile.
"""

import asyncio
import sys

from chassis import db
from chassis.settings import read
from services.reporting import figures, ledger
from services.reporting.settings import ReportingSettings

BATCH = 5_000


async def rebuild(pool: db.Pool) -> int:
    """Empty the facts and count every entry of the ledger; gives how many."""
    counted, position = 0, 0
    async with pool.acquire() as conn, conn.transaction():
        await figures.store.empty(conn)
        while entries := await ledger.store.entries_after(conn, position, BATCH):
            await figures.store.count(conn, entries)
            counted, position = counted + len(entries), entries[-1].position
            print(f"\r{counted} events counted", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return counted


async def _main() -> None:
    async with db.pool(read(ReportingSettings), "jobplus reporting rebuild") as pool:
        await rebuild(pool)


if __name__ == "__main__":
    asyncio.run(_main())
