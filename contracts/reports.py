"""Topic `jobplus.reports`, keyed by the measure: what is published, sealed, and corrected."""

from typing import ClassVar

from contracts.codes import Occupation
from contracts.event import Event
from contracts.topics import REPORTS, Topic


class _OfMeasure(Event):
    topic: ClassVar[Topic] = REPORTS
    key_field: ClassVar[str] = "measure"

    measure: str


class TargetSet(_OfMeasure):
    """The city set a target for a year; `value` is a count, or a percentage to one decimal."""

    year: int
    value: float
    programme: str | None = None
    group: str | None = None


class ReportSealed(_OfMeasure):
    """The ledger up to `position` was sealed; `root` is the hash over it."""

    position: int
    root: str


class FigureCorrected(_OfMeasure):
    """A published figure is known better now."""

    published: float
    known: float


class UnplacedOccupationsPublished(_OfMeasure):
    """The occupations with most unplaced seekers at the end of `year`, most first."""

    year: int
    occupations: tuple[Occupation, ...]
