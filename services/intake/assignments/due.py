"""Who is to be assigned: who has no counsellor, or one who has left, is away for long, or isn't of their group."""

from datetime import date

from chassis.batch.due import FindDue
from chassis.database.db import Connection
from services.intake.assignments import queries
from services.intake.assignments.commands import AssignByGroup, AssignByLoad


def assignments(longest_absence: int) -> FindDue:
    """Find whom to assign; `longest_absence` is how many days someone may be away without others having their
    seekers."""

    async def find(conn: Connection, day: date, limit: int) -> list[AssignByLoad | AssignByGroup]:
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

    return find
