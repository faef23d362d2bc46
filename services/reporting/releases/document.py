"""What a release says, as it is kept and read by everyone: one JSON document, whose bytes its hash is of.

A column is a period: `since_opening` up to the release's day; where the centre opened in an earlier year, `year`, the
day's calendar year so far; and `year_before`, the same days of the year before it. A number that stands under none of
its columns isn't told there.
"""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.reporting.figures.measures import Dimension, Measure

ColumnName = Literal["since_opening", "year", "year_before"]

Number = int | float
"""A count as a whole number, a percentage or a ratio with one decimal."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Column(_Part):
    """A period that is told of: both days are counted."""

    name: ColumnName
    first: date
    last: date


class Headline(_Part):
    """A figure by its address (`placed.rate_percent`), in each column; null where it divides by nothing.

    `change` is `year` less `year_before`, in points of a percentage; `change_percent` is that of `year_before`, of
    counts alone.
    """

    figure: str
    values: dict[ColumnName, Number | None]
    change: Number | None = None
    change_percent: float | None = None


class Line(_Part):
    """What is counted of one value of a table; null where it is withheld."""

    value: str
    counts: dict[ColumnName, int | None]


class Table(_Part):
    """A measure split by one thing. Its totals are exact; lines under the release's limit are withheld, with others by
    which they could be told."""

    measure: Measure
    by: Dimension
    totals: dict[ColumnName, int]
    lines: list[Line]


class CrossLine(_Part):
    """What is counted of a row's value and a column's together; null where it is withheld."""

    values: tuple[str, str]
    counts: dict[ColumnName, int | None]


class CrossTable(_Part):
    """A measure split by two things. What its rows and columns add up to stands in the tables by one of them; values of
    which there is nobody in any period aren't there."""

    measure: Measure
    by: tuple[Dimension, Dimension]
    lines: list[CrossLine]


class ReleaseMonth(_Part):
    """What was counted in a month: persons by their first time ever."""

    month: str
    counts: dict[Measure, int]


class Internships(_Part):
    """Youth internships of a calendar year, as `/figures` tells them."""

    started: int
    broken_off: int
    completed: int
    converted: int
    percent: float | None


class Retention(_Part):
    """How many were still in the job some months after the placement, as `/figures` tells it."""

    due: int
    reached: int
    still_employed: int
    percent: float | None


class Survey(_Part):
    """A satisfaction survey, as `/figures` tells it."""

    on: date
    asked: int
    answered: int
    score: float | None
    percent_satisfied: float | None
    change: float | None


class Target(_Part):
    """What the city wants reached in the day's year by everyone together, as `/targets` tells it. `so_far` and `needed`
    are its pace, counts a month."""

    year: int
    measure: str
    value: Number
    reached: Number | None
    so_far: float | None
    needed: float | None
    forecast: Number | None
    interval: tuple[Number, Number] | None
    on_track: bool | None


class ReleaseDocument(_Part):
    """A release. `position` is that of the last event in the ledger which is in it, `previous` the hash of the release
    before (SHA-256 of its bytes, hexadecimal), null of the first. Counts of 1 up to below `limit` are withheld in the
    tables."""

    edition: Literal[1] = 1
    centre: str
    release: date
    published_on: date
    position: int
    previous: str | None
    limit: int
    columns: list[Column]
    figures: list[Headline]
    tables: list[Table]
    cross_tables: list[CrossTable] = []
    """Releases of before there were any have none."""
    months: list[ReleaseMonth]
    internships: dict[str, Internships]
    """By year."""
    retention: dict[str, Retention]
    """By months after the placement."""
    surveys: list[Survey]
    targets: list[Target]
