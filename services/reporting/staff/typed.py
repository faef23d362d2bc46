"""What is typed into the forms of staff's pages: kept as it was, with what is wrong with it by the field's name. The
names of what is wrong are those of `typed.html`."""

from datetime import date, datetime
from typing import NamedTuple

from chassis.batch.clock import Clock, Instant
from chassis.database.db import Connection
from chassis.days import day as read_day
from chassis.days import day_or_moment
from services.reporting.staff.answers import Asked

LONGEST = 100
"""Characters of what was typed that are shown again."""
LARGEST = 2**63 - 1
"""Of a place in a list or in the ledger."""
FIRST_YEAR = 1900
"""Of a moment: before it Seoul's clock isn't known by its offset."""


class Typed(NamedTuple):
    """What was typed into a form, as it was, and what is wrong with it, by the field's name."""

    values: dict[str, str]
    wrong: dict[str, str]


def typed_into(asked: Asked, *fields: str) -> Typed:
    """Read a form's fields; of one that is given more than once the last is shown, and none is taken."""
    given = asked.request.query_params
    several = {field: "several" for field in fields if len(given.getlist(field)) > 1}
    return Typed({field: given.get(field, "")[:LONGEST] for field in fields}, several)


def day_of(typed: Typed, field: str, today: date) -> date:
    """Read a day that was typed, today if none was; what is wrong with it is noted."""
    text = typed.values[field].strip()
    if not text:
        return today
    try:
        found = read_day(text)
    except ValueError:
        typed.wrong.setdefault(field, "no day")
        return today
    if found > today:
        typed.wrong.setdefault(field, "to come")
        return today
    return found


def place_of(typed: Typed, field: str) -> int:
    """Read behind which place a list goes on, 0 if none was given; what is wrong with it is noted."""
    text = typed.values[field] or "0"
    if text.isascii() and text.isdigit() and int(text) <= LARGEST:
        return int(text)
    typed.wrong[field] = "no place"
    return 0


async def now_of(asked: Asked, conn: Connection) -> Instant:
    """Give the moment at which is asked."""
    clock: Clock = asked.request.app.state.clock
    return await clock.now(conn)


async def today_of(asked: Asked, conn: Connection) -> date:
    """Give the day on which is asked."""
    return (await now_of(asked, conn)).day


def moment_of(typed: Typed, field: str, now: Instant) -> date | datetime | None:
    """Read a day, or a moment with its offset, that was typed, None if none was; what is wrong with it is noted."""
    text = typed.values[field].strip()
    if not text:
        return None
    try:
        found = day_or_moment(text)
    except ValueError:
        typed.wrong.setdefault(field, "no moment")
        return None
    if found.year < FIRST_YEAR:
        typed.wrong.setdefault(field, "long ago")
    elif found > (now.at if isinstance(found, datetime) else now.day):
        typed.wrong.setdefault(field, "to come")
    return found
