"""What a row of the figures says: a measure, what it is split by, where it is published, and what it means in words.

Its facts are made by `flows.py` (a `Sum`) or by the folds of `persons.py` and `retention.py` (`Persons`, `Folds`); what
is published of it by `publish.py`, and told in docs/figures.md by `docs/figures_tables.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.event import Event
from services.reporting.figures.dimensions import Value
from services.reporting.figures.measures import Dimension, Measure, ShareName
from services.reporting.figures.model import PersonsOf


@dataclass(frozen=True)
class Published:
    """A figure as it is published: its path, and what it is in words. As it stands here it is made by its function in
    `made.py`; the other kinds say how they are made of their row's measure."""

    path: str
    meaning: str


@dataclass(frozen=True)
class Total(Published):
    """All that the measure counts."""


@dataclass(frozen=True)
class OneOf(Published):
    """What it counts of one value."""

    by: Dimension
    value: str


@dataclass(frozen=True)
class Split(Published):
    """What it counts of each value: of all that are named, zeros too, and of those that come beside."""

    by: Dimension
    values: tuple[str, ...]


@dataclass(frozen=True)
class SplitPercent(Split):
    """The same of all that it counts, in percent."""


@dataclass(frozen=True)
class SplitBeside(Split):
    """A split whose values stand beside other figures under its path, each with a meaning of its own."""

    meanings: tuple[str, ...]


@dataclass(frozen=True)
class OfTwo(Published):
    """A share of two counts (`shares.py`)."""

    share: ShareName


@dataclass(frozen=True, kw_only=True)
class Row:
    """A measure: `by` what it can be split, and by which of that its daily rollup is kept (`rolled`); what is published
    of it, where a path alone stands for all that it counts, in the row's own words.

    A fact carries all of `by` that its event tells; a rollup only what a published figure is split by, so that a day of
    a measure is a few rows. By any other one thing it is summed up behind the facts, by two or three the facts answer
    (`sources.py`). What is added to `by` is `unknown` of what was counted before, until a rebuild; what is added to
    `rolled`, too, unless a migration makes the rollup anew from the facts (reporting-0003).
    """

    measure: Measure
    by: tuple[Dimension, ...] = ()
    rolled: tuple[Dimension, ...] = ()
    publish: str | tuple[str | Published, ...] = ()
    meaning: str

    def __post_init__(self) -> None:
        published_by = {one.by for one in self.published if isinstance(one, OneOf | Split)}
        if not published_by <= {*self.rolled} <= {*self.by}:
            raise TypeError(f"{self.measure}: `rolled` lacks what it is published by, or `by` what `rolled` has")

    @property
    def published(self) -> tuple[Published, ...]:
        """What is published of it."""
        given = (self.publish,) if isinstance(self.publish, str) else self.publish
        return tuple(Total(one, self.meaning) if isinstance(one, str) else one for one in given)


Amount = int | Callable[[Any], int]
"""What an event adds: always the same, or what it says."""


@dataclass(frozen=True, kw_only=True)
class Sum(Row):
    """A measure that counts each event by itself.

    `of` is its event, each of which adds 1; or its events, with what each adds. `where` says which of them count, all
    if it isn't given. `told` says how a dimension is told that no field of the event is named by; those of a person's
    profile are those of `event.person`. `whenever`: it is of what there is on a day, so that all up to it counts,
    whenever a period starts.
    """

    of: type[Event] | Mapping[type[Event], Amount]
    where: Callable[[Any], bool] | None = None
    told: Mapping[Dimension, Callable[[Any], Value | None]] = field(default_factory=dict)
    whenever: bool = False

    @property
    def events(self) -> Mapping[type[Event], Amount]:
        """Its events, with what each adds."""
        return self.of if isinstance(self.of, Mapping) else {self.of: 1}


@dataclass(frozen=True, kw_only=True)
class Persons(Row):
    """Distinct persons, by their first time ever; `in_year`, a measure of its own, by the first of each calendar year.
    They are counted by the history of the measure's name (`persons.py`)."""

    measure: PersonsOf
    in_year: tuple[Measure, str]


@dataclass(frozen=True, kw_only=True)
class Folds(Row):
    """A measure that a fold of persons' events gives, each subject by itself (`persons.py`, `retention.py`)."""
