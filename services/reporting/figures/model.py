"""A fact, and what is known of a person."""

from datetime import date, datetime
from functools import lru_cache
from typing import Literal, NamedTuple
from uuid import UUID

import orjson

from services.reporting.figures.measures import MEASURES, Measure

PersonsOf = Literal["registered", "referred", "placed", "self_found", "sos_care_placed"]
"""What distinct persons are counted of."""

Folded = PersonsOf | Literal["internships_converted"]
"""What is counted by the set of a person's events: distinct persons, and what a correction may take out."""

HistoryName = Folded | Literal["retention"]
"""What a person's events are kept for: each is folded by itself."""

VISITED_FIRST = 5
"""How many occupations with the most unplaced seekers the field discovery team goes by: so many are published."""

Dimensions = str
"""The dimensions of a fact as canonical JSON, so that equal ones are equal texts."""


@lru_cache(maxsize=50_000)
def _canonical(items: tuple[tuple[str, str | bool | None], ...]) -> Dimensions:
    return orjson.dumps(
        {name: value for name, value in items if value is not None}, option=orjson.OPT_SORT_KEYS
    ).decode()


def dimensions(**values: str | bool | None) -> Dimensions:
    """Write dimensions; those that are None are left out."""
    return _canonical(tuple(values.items()))


@lru_cache(maxsize=50_000)
def rolled(measure: Measure, given: Dimensions) -> Dimensions:
    """Give those of a fact's dimensions that its measure's rollup is kept by."""
    known = orjson.loads(given)
    return dimensions(**{name: known.get(name) for name in MEASURES[measure].rolled})


class Fact(NamedTuple):
    """What an event adds to a measure (or takes from it): when it occurred, and when that became known."""

    measure: Measure
    occurred_on: date
    recorded_at: datetime
    dimensions: Dimensions


class Happening(NamedTuple):
    """One event in a person's history: it makes its subject count, or (a correction) stop counting."""

    recorded_at: datetime
    event_id: UUID
    subject: UUID
    counts: bool
    occurred_on: date
    dimensions: Dimensions


class PersonEvent(NamedTuple):
    """What an event says of one person: of a history, or that two records are theirs."""

    history: HistoryName | Literal["merged"]
    person_id: UUID
    subject: UUID
    counts: bool
    dimensions: Dimensions


class Occurrence(NamedTuple):
    """What counts: on which day, and by which dimensions."""

    occurred_on: date
    dimensions: Dimensions


CountedOnce = tuple[Measure, int | str]
"""What counts at most once: a measure, and of it the year, the subject or the step, or 0 for the first time ever."""
