"""Topic `jobplus.followups`, keyed by the seeker: care after the placement, and support in a public job."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import ConfigDict

from .codes import Employment, FollowUpStep, Occupation, PlacementSource, Sector
from .event import Event, Stability
from .ids import ContactId, PlacementId, SeekerId, SupportId
from .open_codes import ReadsOpen
from .profile import Bands
from .topics import FOLLOWUPS, Topic
from .values import AtLeastOne, Score


class UnaskedStep(ReadsOpen):
    """A step after a placement at which nobody is asked any more, for the job had ended before its day."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    step: FollowUpStep
    due_on: date
    """The working day on which the contact would have fallen due."""


class _OfPlacedSeeker(Event):
    topic: ClassVar[Topic] = FOLLOWUPS
    key_field: ClassVar[str] = "seeker_id"

    seeker_id: SeekerId
    placement_id: PlacementId
    person: Bands


class _OfJob(_OfPlacedSeeker):
    occupation: Occupation | None = None
    """The placement's, as all that is told of the job; absent where it began before this was kept."""
    sector: Sector | None = None
    employment: Employment | None = None
    source: PlacementSource | None = None
    """The placement's."""


class _OfContact(_OfJob):
    contact_id: ContactId
    step: FollowUpStep
    """How long after the placement: 1 week, 1, 3, 6 or 12 months."""


class FollowUpDue(_OfContact):
    """A contact after a placement has fallen due. Published once for each, on its day."""

    korean: ClassVar[str] = "사후관리 예정"
    stability: ClassVar[Stability] = "stable"

    due_on: date
    """A working day: one that would fall on a weekend or a holiday has moved to the next."""


class FollowUpMade(_OfContact):
    """Someone tried to contact a placed seeker."""

    korean: ClassVar[str] = "사후관리 실시"
    stability: ClassVar[Stability] = "stable"

    outcome: Literal["still_employed", "left", "changed_job", "not_reached"]
    attempt: AtLeastOne
    """The first try is 1."""
    satisfaction: Score | None = None
    given_up: bool = False
    """Whether this was the last try: nobody was reached, and nobody tries any more."""


EmploymentEnd = Literal["resigned", "dismissed", "contract_ended", "firm_closed", "illness", "other"]
"""Why a job that somebody was placed in ended."""


class EmploymentEnded(_OfJob):
    """A placed seeker has left the job; `occurred_on` is the day it ended.

    The seeker is back in the pool, but for one who went over to another job (`changed_job`): when that has ended too,
    the event comes once more, without it. A public job that a private one has followed ends by that, with the reason
    `other`: then the seeker is placed.
    """

    korean: ClassVar[str] = "고용 종료"
    stability: ClassVar[Stability] = "stable"

    reason: EmploymentEnd
    changed_job: bool = False
    """Whether the seeker left for another job: nobody looks for one for them."""
    unasked: tuple[UnaskedStep, ...] = ()
    """The steps that were still to come: no FollowUpDue is published for them any more."""


class _OfSupport(_OfPlacedSeeker):
    support_id: SupportId
    month: AtLeastOne
    """Which month of the public job it is for; the first is 1."""


class SupportDue(_OfSupport):
    """The month's support of a seeker in a public job under SOS-Care has fallen due. Published once for each month."""

    korean: ClassVar[str] = "취업 지원 예정"
    stability: ClassVar[Stability] = "stable"

    due_on: date
    """A working day: one that would fall on a weekend or a holiday has moved to the next."""


class SupportGiven(_OfSupport):
    """A seeker in a public job had the month's support, until a private job is found."""

    korean: ClassVar[str] = "취업 지원"
    stability: ClassVar[Stability] = "stable"

    kind: Literal["counselling", "education", "training"]
