"""Reads .xlsx files in a process with limits, apart from the one that answers requests.

What a zip archive and the XML in it come to can't be told by their size. `python -m chassis.tables.sheets ROWS MEMORY
SECONDS` reads a file on standard input and writes what came of it as JSON, within so many bytes and seconds. At most
two read at once, and one for each caller.
"""

import asyncio
import resource
import sys
from collections import defaultdict

import orjson
import structlog

from chassis.tables.faults import Fault, TableRefused
from chassis.tables.tables import Left, Origin, Table, TableRow, read_table

log = structlog.get_logger()

MOST_MEMORY = 320_000_000
"""Bytes of address space, of which Python with what reads sheets takes a third."""
MOST_CPU_SECONDS = 5
MOST_SECONDS = 15.0
AT_ONCE = 2


class Sheets:
    """Reads files, each in a process that may have so many bytes of memory and seconds of work."""

    def __init__(self, memory: int = MOST_MEMORY, seconds: int = MOST_CPU_SECONDS) -> None:
        self._limits = (memory, seconds)
        self._free = asyncio.Semaphore(AT_ONCE)
        self._callers: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def read(self, body: bytes, most_rows: int, caller: str) -> Table:
        """Read the sheet of a file that has rows (raises TableRefused)."""
        lock = self._callers[caller]
        try:
            async with lock, self._free:
                return await _read_apart(body, most_rows, *self._limits)
        finally:
            if not lock.locked():
                self._callers.pop(caller, None)


SHEETS = Sheets()


async def _read_apart(body: bytes, most_rows: int, memory: int, seconds: int) -> Table:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "chassis.tables.sheets", str(most_rows), str(memory), str(seconds)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(MOST_SECONDS):
            written, _ = await process.communicate(body)
    except TimeoutError:
        raise TableRefused("too_much") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        log.warning("sheet_cut_off", code=process.returncode, bytes=len(body))
        raise TableRefused("too_much")
    told = orjson.loads(written)
    if "what" in told:
        raise TableRefused(told["what"], told["column"], **told["values"])
    rows = [TableRow(number, cells) for number, cells in told["rows"]]
    broken = {int(number): Fault(*fault) for number, fault in told["broken"].items()}
    encoding, separator, sheet, left = told["origin"]
    origin = Origin(encoding, separator, sheet, tuple(Left(*each) for each in left))
    return Table(tuple(told["columns"]), rows, broken, origin)


def main() -> None:
    """Read the file on standard input, within the limits."""
    rows, memory, seconds = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        table = read_table(sys.stdin.buffer.read(), "xlsx", rows)
        told = {
            "columns": table.columns,
            "rows": [(row.number, row.cells) for row in table.rows],
            "origin": tuple(table.origin),
            "broken": {str(number): tuple(fault) for number, fault in table.broken.items()},
        }
    except TableRefused as refused:
        told = refused.fault._asdict()
    sys.stdout.buffer.write(orjson.dumps(told))


if __name__ == "__main__":
    main()
