"""What a plan says: the totals that a period of the centre came to. The format is told in docs/figures.md."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from contracts.codes import OCCUPATIONS, AgeBand, Channel, Occupation


class PlanRefused(Exception):
    """A plan, or an option about it, that is refused: every reason at once, one line each (exit code 2)."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Placed:
    """Distinct persons placed.

    `by_occupation` holds the codes that the plan names. `by_age` is how many persons the shares of
    `by_age_percent` come to, for the same bands; a scaled plan keeps the shares and has scaled counts.
    """

    total: int
    by_occupation: Mapping[Occupation, int] = field(default_factory=dict[Occupation, int])
    by_age_percent: Mapping[AgeBand, Decimal] = field(default_factory=dict[AgeBand, Decimal])
    by_age: Mapping[AgeBand, int] = field(default_factory=dict[AgeBand, int])

    @property
    def unnamed(self) -> int:
        """Persons whose occupation the plan leaves free."""
        return self.total - sum(self.by_occupation.values())

    @property
    def free_occupations(self) -> tuple[Occupation, ...]:
        """The codes that the plan does not name."""
        return tuple(code for code in OCCUPATIONS if code not in self.by_occupation)


@dataclass(frozen=True, slots=True)
class Sessions:
    """Counselling sessions held; `by_channel` splits both kinds together, a channel that is not named holds none."""

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
class TopOccupations:
    """The first wanted occupations with most unplaced persons at a year's end, most first."""

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
        return self.measure.endswith("_percent")


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan that can be met; `scale` is the part of the original plan that it holds."""

    name: str
    starts_on: date
    ends_on: date
    counsellors: int
    employers: int
    registered: int
    placed: Placed
    sessions: Sessions
    referrals: int
    launches: int
    title: Mapping[str, str] = field(default_factory=dict[str, str])
    vacancies: int | None = None
    referred: int | None = None
    internships: tuple[Internships, ...] = ()
    surveys: tuple[Survey, ...] = ()
    unplaced_top_occupations: TopOccupations | None = None
    targets: tuple[Target, ...] = ()
    scale: Fraction = Fraction(1)

    @property
    def is_scaled(self) -> bool:
        """Whether percentages, scores and the top occupations are only shown, and not to be met."""
        return self.scale != 1

    @property
    def years(self) -> range:
        """The calendar years that the period touches."""
        return range(self.starts_on.year, self.ends_on.year + 1)
