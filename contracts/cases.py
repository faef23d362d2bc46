"""Topic `jobplus.cases`, keyed by the seeker: referrals, placements and internships."""

from typing import ClassVar, Literal

from contracts.codes import Answer, Employment, Occupation, PlacementSource, Programme, Sector
from contracts.event import Event
from contracts.ids import EmployerId, InternshipId, PlacementId, ReferralId, SeekerId, VacancyId
from contracts.profile import Bands
from contracts.topics import CASES, Topic


class _OfCase(Event):
    topic: ClassVar[Topic] = CASES
    key_field: ClassVar[str] = "seeker_id"

    seeker_id: SeekerId
    person: Bands


class _OfReferral(_OfCase):
    referral_id: ReferralId
    vacancy_id: VacancyId
    employer_id: EmployerId
    occupation: Occupation


class ReferralMade(_OfReferral):
    """A counsellor referred a seeker to a vacancy; `reasons` say what spoke for it."""

    stability: ClassVar[Literal["draft", "stable"]] = "stable"

    sector: Sector
    employment: Employment
    reasons: tuple[str, ...] = ()


class ReferralAnswered(_OfReferral):
    """The seeker or the employer answered a referral; `reason` is a code where it was refused."""

    stability: ClassVar[Literal["draft", "stable"]] = "stable"

    answer: Answer
    reason: str | None = None


class ReferralEnded(_OfReferral):
    """A referral ended without a placement: withdrawn, never answered, or overtaken by a placement or a close."""

    reason: Literal["withdrawn", "expired", "obsolete"]


class Placed(_OfCase):
    """A seeker has a job: through the centre (a referral, a converted internship) or found alone.

    `wanted` says whether the occupation is among those that the seeker wanted; `wage` is won a month.
    """

    stability: ClassVar[Literal["draft", "stable"]] = "stable"

    placement_id: PlacementId
    source: PlacementSource
    occupation: Occupation
    wanted: bool
    sector: Sector
    employment: Employment
    referral_id: ReferralId | None = None
    vacancy_id: VacancyId | None = None
    employer_id: EmployerId | None = None
    wage: int | None = None
    programme: Programme | None = None


class PlacementCorrected(_OfCase):
    """A placement never was: it is taken out of every figure by facts of the other sign."""

    placement_id: PlacementId
    reason: str


class InternshipStarted(_OfCase):
    """A youth internship began; no placement yet."""

    internship_id: InternshipId
    vacancy_id: VacancyId
    employer_id: EmployerId
    occupation: Occupation


class InternshipBrokenOff(_OfCase):
    """An internship ended early; `by` says who ended it."""

    internship_id: InternshipId
    by: Literal["intern", "employer"]


class InternshipCompleted(_OfCase):
    """An internship was served to its end."""

    internship_id: InternshipId


class InternshipConverted(_OfCase):
    """A completed internship became a permanent job; `Placed` is published beside it, and only that is counted."""

    internship_id: InternshipId
    placement_id: PlacementId
