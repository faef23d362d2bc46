"""How a table's question is counted: by the parts of its measure, as everywhere, and by adding them up to years."""

from collections import Counter
from datetime import date

from chassis.database.db import Connection
from services.reporting.figures.parts import parts
from services.reporting.figures.period import Period
from services.reporting.tables.model import THE_WHOLE, Counts, Place, Question


async def counted(conn: Connection, question: Question) -> Counts:
    """Count what a question asks for."""
    if question.has_years_apart:
        return await _each_year_apart(conn, question)
    counts = Counter[Place]()
    is_monthly = question.each != "whole"
    found = await parts(conn, question.measure, question.by, question.period, monthly=is_monthly)
    for (month, values), count in found.items():
        counts[question.place(question.time_of(month), values)] += count
    return {place: count for place, count in counts.items() if count}


async def _each_year_apart(conn: Connection, question: Question) -> Counts:
    """Count persons once in each year, as the figures of a year do, and once in the whole period: years don't add up to
    it."""
    whole = question.period
    months = [month for month, _ in await parts(conn, question.measure, (), whole, monthly=True) if month]
    if not months:
        return {}
    years = range(min(months).year, whole.as_of.year + 1)
    periods = {question.time_of(date(year, 1, 1)): _within(year, whole) for year in years} | {THE_WHOLE: whole}
    counts: dict[Place, int] = {}
    for time, period in periods.items():
        for (_, values), count in (await parts(conn, question.measure, question.by, period)).items():
            counts[question.place(time, values)] = count
    return counts


def _within(year: int, whole: Period) -> Period:
    first, last = date(year, 1, 1), date(year, 12, 31)
    return Period(min(last, whole.as_of), max(first, whole.first) if whole.first else first, whole.known_at)
