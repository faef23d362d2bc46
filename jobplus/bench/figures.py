"""`figures`: each figure, each split of a measure by one thing, each measure by month, and the unplaced, each by its
own address at some day, of two years in which 70,000 registered; eight asked at once.

The two years are those of a fiftieth of the plan, driven through the services, in copies (`two_years.py`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from random import Random
from typing import Literal
from urllib.parse import quote

import asyncpg
import uvloop

from jobplus.bench import reads, two_years
from jobplus.bench.reads import PEER, Row, Size, beside, rounds_of, vacancy_paths
from jobplus.bench.result import Result
from jobplus.client import Client
from jobplus.stack.local import Stack
from services.reporting.figures.asked import ALL
from services.reporting.figures.rows import MEASURES

SETTINGS = reads.SETTINGS
SIZES = {False: Size(5, 6.0, 100), True: Size(2, 3.0, 100)}
"""As it is measured, and in short."""
PART = Fraction(1, 50)
TIMES, TIMES_UNPLACED = 10.0, 50.0
GOAL = f"p99 at most 10 x {PEER}, of the unplaced at most 50 x"
DAYS = ("2009-06-30", "2009-11-15", "2010-03-03", "2010-07-31", "2010-12-31", "2011-01-27")

CLOCK: Literal["system", "simulated"] = "simulated"

Say = Callable[[str], None]


def run(stack: Stack, say: Say, *, short: bool = False) -> Result:
    """Measure on a stack of its own."""
    stack.up()
    two_years.drive(stack, PART, say)
    found = uvloop.run(_measure(stack, SIZES[short], say))
    met = all(one.met for one in found.values())
    detail = {name: one._asdict() for name, one in found.items()}
    return Result("figures", found["figure"].p99, "ms, p99 of a figure", GOAL, met, [], detail=detail)


async def _measure(stack: Stack, size: Size, say: Say) -> Mapping[str, reads.Beside]:
    conn = await asyncpg.connect(stack.database_url("reporting"))
    matching = Client(stack.url("matching"), stack.token("manager"))
    reporting = Client(stack.url("reporting"), stack.token("evaluator"))
    try:
        await two_years.summed_up(conn)
        await two_years.copy(conn, two_years.REPORTING, range(1, size.copies))
        await two_years.summed_up(conn)
        say(f"{await conn.fetchval('SELECT sum(amount) FROM unplaced_change WHERE amount > 0')} registered")
        asked = addresses(DAYS)
        rows = {what: Row(reporting, asked[what], TIMES) for what in ("figure", "split", "month")}
        rows["unplaced"] = Row(reporting, asked["unplaced"], TIMES_UNPLACED)
        rounds = await rounds_of(rows, Row(matching, await vacancy_paths(matching), 1), size, say)
        return beside(rounds, rows)
    finally:
        for client in (matching, reporting):
            await client.close()
        await conn.close()


def addresses(days: Sequence[str]) -> dict[str, Sequence[str]]:
    """Give the addresses of each figure, split and month, and of the unplaced, each on one of the days."""
    asked = {"figure": _figures(), "split": _splits(), "month": _months(), "unplaced": _unplaced()}
    return {what: _on_days(paths, days) for what, paths in asked.items()}


def _figures() -> Iterator[str]:
    return (f"/figures?figure={quote(one.published.path)}" for one in ALL)


def _splits() -> Iterator[str]:
    return (f"/figures/split?measure={name}&by={by}" for name, row in MEASURES.items() for by in row.by)


def _months() -> Iterator[str]:
    return (f"/figures/monthly?measure={measure}" for measure in MEASURES)


def _unplaced() -> Iterator[str]:
    for by in MEASURES["registered"].by:
        for asked in ("", "&known_at=2010-06-30", "&known_at=2010-06-30T12:00:00%2B09:00", "&each=month"):
            yield f"/figures/unplaced?by={by}{asked}"


def _on_days(paths: Iterator[str], days: Sequence[str]) -> Sequence[str]:
    """Give addresses, each on one of the days; in an order by chance, always the same, as people ask."""
    made = [f"{path}{'&' if '?' in path else '?'}as_of={days[number % len(days)]}" for number, path in enumerate(paths)]
    Random(1).shuffle(made)
    return made
