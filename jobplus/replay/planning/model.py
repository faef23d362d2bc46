"""What a plan says: the totals that a period of the centre came to. The format is told in docs/figures.md."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from contracts.codes import OCCUPATIONS, AgeBand, Channel, Occupation
from contracts.targets import is_percentage


class PlanRefused(Exception):
    """A plan, or an option about it, that is refused: every reason at once, one line each (exit code 2)."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Placed:
    """Distinct persons placed.

    `by_occupation` holds the codes that the plan names, `by_age_percent` the bands. `by_age` holds all four bands:
    the counts that the shares come to, where the plan names any; scaled, the same counts scaled.
    """

    total: int
    by_occupation: Mapping[Occupation, int] = field(default_factory=dict[Occupation, int])
    by_age_percent: Mapping[AgeBand, Decimal] = field(default_factory=dict[AgeBand, Decimal])
    by_age: Mapping[AgeBand, int] | None = None

    @property
    def unnamed(self) -> int:
        """Persons whose occupation the plan leaves free, among those that it doesn't name."""
        return self.total - sum(self.by_occupation.values())

    @property
    def free_occupations(self) -> tuple[Occupation, ...]:
        """The codes that the plan doesn't name."""
        return tuple(code for code in OCCUPATIONS if code not in self.by_occupation)


@dataclass(frozen=True, slots=True)
class Sessions:
    """Counselling sessions held; `by_channel` splits both kinds together, a channel that it doesn't name holds none."""

    job: int
    startup: int
    by_channel: Mapping[Channel, int] | None = None

    @property
    def total(self) -> int:
        """Sessions of both kinds."""
        return self.job + self.startup


@dataclass(frozen=True, slots=True)
class Internships:
    """Youth internships completed in a year, and how many of those became permanent jobs."""

    year: int
    completed: int
    converted: int


@dataclass(frozen=True, slots=True)
class Survey:
    """A satisfaction survey: when it was held, how many were asked, and the mean in points from 0 to 100."""

    on: date
    asked: int
    score: Decimal


@dataclass(frozen=True, slots=True)
class UnplacedTop:
    """The first wanted occupations with most unplaced persons at a year's end, most first, ties by code."""

    year: int
    codes: tuple[Occupation, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What the city wants a measure to reach in a year: a count, or a percentage where the measure's name says so."""

    year: int
    measure: str
    value: Decimal

    @property
    def is_percentage(self) -> bool:
        """Whether the value is a percentage."""
        return is_percentage(self.measure)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a period came to. Everything happens on the days `from_` to `to`, both included."""

    name: str
    title: Mapping[str, str] | None
    from_: date
    to: date
    counsellors: int
    employers: int
    registered: int
    placed: Placed
    sessions: Sessions
    referrals: int
    launches: int
    vacancies: int | None = None
    referred: int | None = None
    internships: tuple[Internships, ...] = ()
    surveys: tuple[Survey, ...] = ()
    unplaced_top_occupations: UnplacedTop | None = None
    targets: tuple[Target, ...] = ()

    @property
    def years(self) -> range:
        """The calendar years that the period touches."""
        return range(self.from_.year, self.to.year + 1)
