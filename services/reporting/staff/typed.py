"""What was typed into a form of staff's pages: kept as it was, with what is wrong with it."""

from datetime import date
from typing import NamedTuple

from chassis.batch.clock import Clock
from chassis.database.db import Connection
from chassis.days import day as read_day
from services.reporting.staff.answers import Asked


class Typed(NamedTuple):
    """What was typed into a form, as it was, and what is wrong with it, by the field's name."""

    values: dict[str, str]
    wrong: dict[str, str]


def typed_of(asked: Asked, *fields: str) -> Typed:
    """Read what was typed into some fields."""
    given = asked.request.query_params
    return Typed({field: given.get(field, "")[:100] for field in fields}, {})


def day_of(typed: Typed, field: str, today: date) -> date:
    """Read a day that was typed, today if none was; what is wrong with it is noted."""
    text = typed.values[field].strip()
    if not text:
        return today
    try:
        found = read_day(text)
    except ValueError:
        typed.wrong[field] = "no day"
        return today
    if found > today:
        typed.wrong[field] = "to come"
        return today
    return found


async def today_of(asked: Asked, conn: Connection) -> date:
    """Give the day on which is asked."""
    clock: Clock = asked.request.app.state.clock
    return (await clock.now(conn)).day
