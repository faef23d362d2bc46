"""`python -m services.reporting.export TOPIC [SINCE]`: writes the ledger's events of a topic to standard output, a JSON
object a line, for their owner to publish them again where it keeps them no more.

SINCE is a day; without it, all. The owner takes the file in by `python -m services.NAME restore FILE`, and then
`jobplus republish` has it sent. It holds what the events hold, no names: keep it as you keep the ledger.
"""

from chassis.running import ending as ending  # before what takes long to import

# isort: split
import asyncio
import sys
from datetime import UTC, date, datetime

import orjson

from chassis.database import db
from chassis.running.settings import read
from services.reporting.settings import ReportingSettings

PAGE = 2_000


async def export(pool: db.Pool, topic: str, since: date) -> int:
    """Write the events of a topic that were received since a day (UTC), in the ledger's order; gives how many."""
    first, written, position = datetime.combine(since, datetime.min.time(), UTC), 0, 0
    async with pool.acquire() as conn:
        while rows := await conn.fetch(
            """SELECT position, event_id, source, topic, key, type, sequence, recorded_at AS time, correlation_id,
                      causation_id, data, dataschema
               FROM ledger WHERE position > $1 AND topic = $2 AND received_at >= $3 ORDER BY position LIMIT $4""",
            position,
            topic,
            first,
            PAGE,
        ):
            for row in rows:
                line = {**row, "data": row["data"].decode()}
                sys.stdout.buffer.write(orjson.dumps(line, default=str) + b"\n")
            written, position = written + len(rows), rows[-1]["position"]
            print(f"\r{written} events", end="", file=sys.stderr, flush=True)
    sys.stdout.flush()
    print(file=sys.stderr)
    return written


def main(arguments: list[str]) -> int:
    """Export; 0 when it is done, 1 when nothing was found, 2 for what can't be asked."""
    if not 1 <= len(arguments) <= 2:
        print("usage: python -m services.reporting.export TOPIC [SINCE]", file=sys.stderr)
        return 2
    try:
        since = date.fromisoformat(arguments[1]) if len(arguments) == 2 else date.min
    except ValueError as error:
        print(f"SINCE: {error}", file=sys.stderr)
        return 2

    async def run() -> int:
        async with db.pool(read(ReportingSettings), "jobplus reporting export") as pool:
            return await export(pool, arguments[0], since)

    return 0 if asyncio.run(run()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
