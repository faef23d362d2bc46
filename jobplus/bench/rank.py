"""`rank`: the top 20 candidates for a vacancy, of 36,000 in the pool and of ten times as many, eight asked at once.

The pool is the two years' of a fiftieth of the plan, driven through the services, in copies (`two_years.py`).
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Literal

import asyncpg
import uvloop

from jobplus.bench import reads, two_years
from jobplus.bench.reads import PEER, Beside, Row, Size, beside, rounds_of, vacancy_paths
from jobplus.bench.result import Result
from jobplus.client import Client
from jobplus.stack.local import Stack

SETTINGS = reads.SETTINGS
SIZES = {False: Size(5, 6.0, 100), True: Size(2, 2.0, 100)}
"""As it is measured, and in short."""
PART = Fraction(1, 50)
TIMES, TEN_TIMES = 4.0, 1.5
GOAL = f"p99 at most 4 x {PEER}; of ten times the pool at most 1.5 x the time"

CLOCK: Literal["system", "simulated"] = "simulated"

Say = Callable[[str], None]


def run(stack: Stack, say: Say, *, short: bool = False) -> Result:
    """Measure on a stack of its own."""
    stack.up()
    two_years.drive(stack, PART, say)
    size = SIZES[short]
    once = uvloop.run(_measure(stack, size, range(1, size.copies), say))
    ten = uvloop.run(_measure(stack, size, range(size.copies, size.copies + 9), say))
    # The two are measured minutes apart: each by its peer of the same rounds, lest it is the machine that differs.
    longer = round(ten.times / once.times, 2)
    detail = {
        "in_the_pool": once._asdict(),
        "ten_times": ten._asdict(),
        "ten_times_by_once": {"goal": TEN_TIMES, "measured": longer, "not_by_the_peer": round(ten.p99 / once.p99, 2)},
    }
    met = once.met and longer <= TEN_TIMES
    return Result("rank", once.p99, "ms, p99", GOAL, met, [], detail=detail)


async def _measure(stack: Stack, size: Size, copies: range, say: Say) -> Beside:
    """Make copies of whom matching knows by now, and measure."""
    conn = await asyncpg.connect(stack.database_url("matching"))
    client = Client(stack.url("matching"), stack.token("manager"))
    try:
        await two_years.copy(conn, two_years.POOL, copies)
        say(f"{await conn.fetchval('SELECT count(DISTINCT seeker_id) FROM wish')} in the pool")
        rows = {"rank": Row(client, await vacancy_paths(client, "/candidates"), TIMES)}
        rounds = await rounds_of(rows, Row(client, await vacancy_paths(client), 1), size, say)
        return beside(rounds, rows)["rank"]
    finally:
        await client.close()
        await conn.close()
