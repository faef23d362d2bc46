"""Topic `jobplus.cases`, keyed by the seeker: referrals, placements and internships."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Literal

from .codes import Employment, Occupation, PlacementSource, Programme, Sector
from .event import Event, Stability
from .ids import EmployerId, InternshipId, PlacementId, ReferralId, SeekerId, VacancyId, VisitId
from .profile import Bands
from .topics import CASES, Topic
from .values import AtLeastOne, Code, Won


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
    """The vacancy's."""


class ReferralMade(_OfReferral):
    """A counsellor referred a seeker to a vacancy. Counted whatever comes of it."""

    korean: ClassVar[str] = "알선"
    stability: ClassVar[Stability] = "stable"

    sector: Sector
    employment: Employment
    reasons: tuple[Code, ...] = ()
    """What spoke for it."""
    override: Code | None = None
    """Why the seeker was referred before total care's stage allows it; absent where it did allow it."""


Answer = Literal["accepted", "refused_by_seeker", "refused_by_employer", "postponed"]
AnswerReason = Literal[
    "wage_too_low", "too_far", "other_work_wanted", "hours_unsuitable",
    "experience_missing", "qualification_missing", "another_chosen", "other",
]  # fmt: skip
"""Why a referral was refused or postponed."""
REFUSAL_REASONS: Mapping[Answer, tuple[AnswerReason, ...]] = {
    "refused_by_seeker": ("wage_too_low", "too_far", "other_work_wanted", "hours_unsuitable", "other"),
    "refused_by_employer": ("experience_missing", "qualification_missing", "another_chosen", "other"),
}
"""The reasons that each side may have to refuse."""


class ReferralAnswered(_OfReferral):
    """The seeker or the employer answered a referral. What was postponed is answered again.

    An acceptance is followed by Placed or InternshipStarted, or by a refusal after all where it came to neither.
    """

    korean: ClassVar[str] = "알선 응답"
    stability: ClassVar[Stability] = "stable"

    answer: Answer
    reason: Code | None = None
    """Why, where it was refused or postponed: by the seeker `wage_too_low`, `too_far`, `other_work_wanted` or
    `hours_unsuitable`, by the employer `experience_missing`, `qualification_missing` or `another_chosen`, else `other`.
    """


WithdrawalReason = Literal["made_by_mistake", "seeker_unavailable", "seeker_unsuited", "vacancy_changed", "other"]
"""Why the centre took a referral back."""


class ReferralEnded(_OfReferral):
    """A referral ended without a placement: withdrawn, never answered, or overtaken by a placement or a close.

    `lapsed`: it was answered, and nothing came of it in the time after its vacancy had closed.
    """

    korean: ClassVar[str] = "알선 종료"
    stability: ClassVar[Stability] = "stable"

    reason: Literal["withdrawn", "expired", "obsolete", "lapsed"]
    withdrawal_reason: WithdrawalReason | None = None
    """Why, where it was withdrawn."""


Party = Literal["seeker", "employer"]
"""A side of a referral, whose answer may be missing."""


class ReferralChased(_OfReferral):
    """Nobody has answered a referral for some days: whoever sends messages asks for the answer.

    The days are counted from the making, or anew from the last postponement.
    Of the days on which a referral is chased, those that passed while nothing was done are left out.
    """

    korean: ClassVar[str] = "알선 응답 독촉"

    attempt: AtLeastOne
    """Which of these days it is."""
    asked: Party


class Placed(_OfCase):
    """A seeker has a job since `occurred_on`: by a referral, by a converted internship, or found alone.

    The centre's figures count those by a referral or an internship; `self_found` is counted apart.
    """

    korean: ClassVar[str] = "취업"
    stability: ClassVar[Stability] = "stable"

    placement_id: PlacementId
    source: PlacementSource
    occupation: Occupation
    wanted: bool
    """Whether the occupation is among those that the seeker wanted."""
    sector: Sector
    employment: Employment
    referral_id: ReferralId | None = None
    vacancy_id: VacancyId | None = None
    employer_id: EmployerId | None = None
    wage: Won | None = None
    programme: Programme | None = None
    """The programme that the job came through, if any."""
    former_placement_id: PlacementId | None = None
    """The public job under SOS-Care that this private one follows and ends; absent where there was none."""
    visit_id: VisitId | None = None
    """The visit of the field discovery team that found the vacancy, if one did."""


class PlacementCorrected(_OfCase):
    """It was found that a placement, of any source, never was. Once at most for each.

    Figures take it out by facts of the other sign; nothing is rewritten. Unless another job came after it, the seeker
    is back in the pool. What ended by the placement stays ended: referrals, a public job, SOS-Care, a vacancy that it
    filled. The conversion that named it (InternshipConverted) never was either: that internship is completed, and may
    be converted again.
    """

    korean: ClassVar[str] = "취업 정정"
    stability: ClassVar[Stability] = "stable"

    placement_id: PlacementId
    reason: Code
    """Why, e.g. `never_started`; `occurred_on` is the day on which it was found."""


class _OfInternship(_OfCase):
    internship_id: InternshipId


class InternshipStarted(_OfInternship):
    """A youth internship began; no placement yet."""

    korean: ClassVar[str] = "청년인턴 시작"
    stability: ClassVar[Stability] = "stable"

    vacancy_id: VacancyId
    employer_id: EmployerId
    occupation: Occupation
    """The vacancy's."""


class _AfterInternship(_OfInternship):
    occupation: Occupation | None = None
    """The vacancy's, as when it began; absent in events from before it was told."""


class InternshipBrokenOff(_AfterInternship):
    """An internship ended before its time."""

    korean: ClassVar[str] = "청년인턴 중도 종료"
    stability: ClassVar[Stability] = "stable"

    by: Literal["intern", "employer"]
    """Who ended it."""


class InternshipCompleted(_AfterInternship):
    """An internship was served to its end."""

    korean: ClassVar[str] = "청년인턴 수료"
    stability: ClassVar[Stability] = "stable"


class InternshipConverted(_AfterInternship):
    """A completed internship became a permanent job. Placed is published beside it, and only that is a placement.

    PlacementCorrected of that placement takes the conversion back as well. Another one may follow.
    """

    korean: ClassVar[str] = "정규직 전환"
    stability: ClassVar[Stability] = "stable"

    placement_id: PlacementId
    completed_on: date | None = None
    """The day on which the internship had been served to its end: conversions are counted by its year."""
