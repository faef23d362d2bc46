"""Topic `jobplus.reports`, keyed by the measure: what is published, sealed, and corrected."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from .codes import Occupation, Programme
from .event import Event, Stability
from .targets import TargetGroup, TargetMeasure
from .topics import REPORTS, Topic
from .values import AtLeastOne, Code, Count


class _OfMeasure(Event):
    topic: ClassVar[Topic] = REPORTS
    key_field: ClassVar[str] = "measure"

    measure: Code
    """The figure's name, as the figures' interface has it (`placed.total`)."""


class TargetSet(_OfMeasure):
    """The city set a target for a calendar year."""

    korean: ClassVar[str] = "목표 설정"

    measure: TargetMeasure  # pyright: ignore[reportIncompatibleVariableOverride]
    """What is to be reached: a count of the year, or a percentage where the name says so."""
    year: int
    value: float
    """A count, or a percentage to one decimal, as the measure is. Replaces the one set before for the same year,
    measure, programme and group."""
    programme: Programme | None = None
    """The target is for this programme alone."""
    group: TargetGroup | None = None
    """The target is for these persons alone."""


class ReportSealed(_OfMeasure):
    """The ledger up to a position was sealed: whoever keeps `root` can prove that nothing before it was changed."""

    korean: ClassVar[str] = "보고 확정"

    position: Count
    """The last position that is covered."""
    root: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """The hash over all before it (SHA-256, in hexadecimal)."""


CorrectionReason = Literal["recorded_late", "record_corrected", "counted_anew"]
"""Why a figure is known better: facts came in late, an office corrected a record, or the figure was counted wrong."""


class FigureCorrected(_OfMeasure):
    """A figure that was published is known better now. The release that told it stays as it is.

    A count of a table is named by what it is of: `placed:occupation=24`, and in a table by two things
    `placed:occupation=24:gender=female`.
    """

    korean: ClassVar[str] = "통계 정정"

    published: float | None
    """As it was told last, by its release or a correction; none where it divides by nothing."""
    known: float | None
    """As it is known now, the same way."""
    release: date | None = None
    """The release that told it, by its day."""
    column: Literal["since_opening", "year", "year_before"] | None = None
    """The period of the release that it is of: since the centre opened, the release's calendar year, or the same days
    of the year before."""
    month: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")] | None = None
    """The month of the release that it is of, where the release counts it by month. What a release tells once has
    neither column nor month."""
    reason: CorrectionReason | None = None
    """Why, where whoever corrected it said so: facts came in late, an office corrected a record, or the figure was
    counted wrong."""


class ReleasePublished(_OfMeasure):
    """The centre's figures up to a month's end were published for everyone, and stay as they are.

    Releases follow each other by their days, each with the hash of the one before it: whoever keeps a hash can prove
    that nothing up to its release was changed.
    """

    korean: ClassVar[str] = "통계 공표"

    measure: Literal["release"]  # pyright: ignore[reportIncompatibleVariableOverride]
    release: date
    """The last day that is counted."""
    position: Count
    """The position in reporting's ledger of the last event that is counted."""
    hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Of the release's document, as its bytes are (SHA-256, hexadecimal)."""
    previous: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """The hash of the release before it; none of the first."""


class UnplacedOccupationsPublished(_OfMeasure):
    """The occupations with the most unplaced seekers at the end of a year, for the next year's visits.

    Published when the year has ended, and anew when it is known better: the highest `version` holds, and the visit list
    goes by it. Those before it are what had been published.
    """

    korean: ClassVar[str] = "미스매치 직종 공표"
    stability: ClassVar[Stability] = "stable"

    year: int
    occupations: tuple[Occupation, ...]
    """Most first, ties by code."""
    unplaced: tuple[Count, ...] = ()
    """How many unplaced seekers wanted each of `occupations` first, in the same order."""
    version: AtLeastOne = 1
    """Counts the publications of the year: from the second on it corrects the one before."""
