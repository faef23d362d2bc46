"""The clock port: the system's clock, or a simulated day that a replay moves.

The simulated clock is domain time only. Its day is a row of the service's database and read inside each
transaction, so that every process of a service has the same day and it survives a restart. Tokens, time limits,
leases, logs and the time inside ids stay on the system's clock.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    # Seoul's days are needed where no database is.
    from chassis.database.db import Connection

SEOUL = ZoneInfo("Asia/Seoul")
_LAST_SECOND = timedelta(hours=23, minutes=59, seconds=59)


class Instant(NamedTuple):
    """A moment (aware, UTC) and the day it falls on in Seoul."""

    at: datetime
    day: date


class Clock(Protocol):
    mode: Literal["system", "simulated"]

    async def now(self, conn: "Connection") -> Instant:
        """Tell the moment, as this transaction sees it."""
        ...


class SystemClock:
    mode: Literal["system", "simulated"] = "system"

    async def now(self, conn: "Connection") -> Instant:
        at = datetime.now(UTC)
        return Instant(at, at.astimezone(SEOUL).date())


class SimulatedClock:
    """A day set from outside; its moments run on from the day's start by the time that has really passed."""

    mode: Literal["system", "simulated"] = "simulated"

    async def now(self, conn: "Connection") -> Instant:
        row = await conn.fetchrow("SELECT day, set_at FROM simulated_clock")
        if row is None:
            return await SystemClock().now(conn)
        passed = min(datetime.now(UTC) - row["set_at"], _LAST_SECOND)
        start = datetime.combine(row["day"], time(), tzinfo=SEOUL).astimezone(UTC)
        return Instant(start + max(passed, timedelta()), row["day"])

    async def move(self, conn: "Connection", day: date) -> date:
        """Set the day, never backwards; gives the day that stands afterwards."""
        moved = await conn.fetchval(
            """INSERT INTO simulated_clock AS c (one, day, set_at) VALUES (true, $1, clock_timestamp())
               ON CONFLICT (one) DO UPDATE SET day = excluded.day, set_at = excluded.set_at
               WHERE excluded.day > c.day
               RETURNING day""",
            day,
        )
        if moved is None:
            moved = await conn.fetchval("SELECT day FROM simulated_clock")
        assert isinstance(moved, date)
        return moved


def clock(mode: Literal["system", "simulated"]) -> SystemClock | SimulatedClock:
    return SystemClock() if mode == "system" else SimulatedClock()
