"""Who is to be assigned: who has no counsellor, or one who has left, is away for long, or isn't of their group."""

import time
from collections.abc import Callable
from datetime import date

from chassis.db import Connection
from chassis.due import FindDue
from services.intake.assignments import queries
from services.intake.assignments.commands import AssignByGroup, AssignByLoad

PAUSE_SECONDS = 1.0
"""How long those who register are gathered before they are assigned together."""


def assignments(longest_absence: int, seconds: Callable[[], float] = time.monotonic) -> FindDue:
    """Find whom to assign, at once on a new day, and then whenever a pause is over.

    `longest_absence` is how many days someone may be away without others having their seekers; `seconds` tells the
    time that pauses are measured by.
    """
    rested: tuple[date, float] | None = None

    async def find(conn: Connection, day: date, limit: int) -> list[AssignByLoad | AssignByGroup]:
        nonlocal rested
        if rested and rested[0] == day and seconds() < rested[1]:
            return []
        found = await _found(conn, day, limit, longest_absence)
        rested = (day, seconds() + PAUSE_SECONDS) if len(found) < limit else None
        return found

    return find


async def _found(conn: Connection, day: date, limit: int, longest_absence: int) -> list[AssignByLoad | AssignByGroup]:
    desk = await queries.in_service(conn, day)
    if not desk.specialists:
        return []
    gone = await queries.left(conn, day)
    if desk.present:
        gone += [one.counsellor_id for one in desk.specialists if one.away_days > longest_absence]
    seekers = await queries.seekers_of(conn, gone, limit) if gone else []
    if len(seekers) < limit:
        seekers += await queries.unassigned(conn, limit - len(seekers))
    by_load = [AssignByLoad(seeker_id, day, longest_absence) for seeker_id in seekers]
    room = limit - len(by_load)
    doubted = await queries.in_doubt(conn, room) if room > 0 else []
    return [*by_load, *(AssignByGroup(seeker_id, day) for seeker_id in doubted)]
