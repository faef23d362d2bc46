"""Topic `jobplus.seekers`, keyed by the seeker: who is registered, and in which care."""

from typing import ClassVar, Literal

from .codes import CareStage
from .event import Event, Stability
from .ids import SeekerId
from .profile import Bands
from .topics import SEEKERS, Topic
from .values import AtLeastOne, Code


class _OfSeeker(Event):
    topic: ClassVar[Topic] = SEEKERS
    key_field: ClassVar[str] = "seeker_id"

    seeker_id: SeekerId


class _OfPerson(_OfSeeker):
    person: Bands


class SeekerRegistered(_OfPerson):
    """A person registered as a job seeker for the first time.

    Published once for each person: coming back after a withdrawal is SeekerReturned.
    """

    korean: ClassVar[str] = "구직등록"
    stability: ClassVar[Stability] = "stable"


class SeekerChanged(_OfPerson):
    """A seeker's details were put right or have changed. The profile is the one from now on."""

    korean: ClassVar[str] = "구직자 정보 변경"

    changed: tuple[Code, ...]
    """The names of the fields that changed. What they hold stays in intake, unless the profile tells it."""


class SeekerWithdrawn(_OfPerson):
    """A seeker left the register; what was counted stays counted."""

    korean: ClassVar[str] = "구직 철회"
    stability: ClassVar[Stability] = "stable"

    reason: Literal["found_work", "moved_away", "not_looking", "other"]


class SeekerReturned(_OfPerson):
    """A seeker who had withdrawn is back on the register; no new registration."""

    korean: ClassVar[str] = "구직 재개"
    stability: ClassVar[Stability] = "stable"


class SeekersMerged(_OfSeeker):
    """Two records were found to be one person's. What was counted twice is counted once from then on.

    Published once for a merged record; of that one, only SeekerErased may follow on this topic.
    """

    korean: ClassVar[str] = "구직자 중복 통합"
    stability: ClassVar[Stability] = "stable"

    merged_id: SeekerId
    """The record that is no more: whoever it names is `seeker_id` from now on."""


class SeekerErased(_OfSeeker):
    """A person's data is gone from intake. Every reader forgets what it holds of them; counts stay.

    Published of each id that the person is known by: of the record, and of those that were merged into it.
    """

    korean: ClassVar[str] = "개인정보 삭제"
    stability: ClassVar[Stability] = "stable"


ConsentPurpose = Literal["placement", "employers", "care_partners", "surveys", "messages"]
"""What a person's data is used for: to find them work; to show it to employers, or to partners in welfare and training;
to ask how satisfied they are; to send them news."""


class ConsentRecorded(_OfSeeker):
    """A person agreed to a use of their data, or does so no longer. The last of a purpose is what stands."""

    korean: ClassVar[str] = "동의"
    stability: ClassVar[Stability] = "stable"

    purpose: ConsentPurpose
    given: bool
    """Whether they agree from `occurred_on` on."""


class SosCareGranted(_OfPerson):
    """A seeker in sudden hardship was taken into SOS-Care: public jobs and public works come first."""

    korean: ClassVar[str] = "SOS 일자리 선정"
    stability: ClassVar[Stability] = "stable"

    reasons: tuple[Code, ...]
    """The conditions that were met."""


class SosCareDeclined(_OfPerson):
    """A request for SOS-Care was declined."""

    korean: ClassVar[str] = "SOS 일자리 미선정"
    stability: ClassVar[Stability] = "stable"

    reasons: tuple[Code, ...]
    """The conditions that were not met."""


SosCareEnd = Literal["private_job", "no_longer_in_hardship", "withdrawn"]


class SosCareEnded(_OfPerson):
    """SOS-Care ended, with a private job or otherwise.

    Where that job never was (PlacementCorrected) it stays ended: who still needs it is granted it anew.
    """

    korean: ClassVar[str] = "SOS 일자리 종료"
    stability: ClassVar[Stability] = "stable"

    reason: SosCareEnd


class CareStageChanged(_OfPerson):
    """A seeker in total care was moved to a stage: by an assessment, or by completing the courses of the one before."""

    korean: ClassVar[str] = "토털케어 단계 변경"
    stability: ClassVar[Stability] = "stable"

    stage: CareStage
    before: CareStage | None = None
    """Absent at the first assessment."""


class CourseCompleted(_OfPerson):
    """A seeker in total care completed a course."""

    korean: ClassVar[str] = "교육 수료"
    stability: ClassVar[Stability] = "stable"

    course: Code
    hours: AtLeastOne
    """The course's length."""
    stage: CareStage | None = None
    """The stage that the course belongs to."""


class TotalCareEnded(_OfPerson):
    """A seeker left total care. Those who are placed stay in it until someone records that they left."""

    korean: ClassVar[str] = "토털케어 종료"
    stability: ClassVar[Stability] = "stable"

    stage: CareStage
    """The stage that they had reached."""
    reason: Literal["in_work", "not_wanted", "withdrawn", "other"]
