"""Topic `jobplus.seekers`, keyed by the seeker: who is registered, and in which care."""

from typing import ClassVar, Literal

from contracts.codes import CareStage
from contracts.event import Event
from contracts.ids import SeekerId
from contracts.profile import Bands
from contracts.topics import SEEKERS, Topic


class _OfSeeker(Event):
    topic: ClassVar[Topic] = SEEKERS
    key_field: ClassVar[str] = "seeker_id"

    seeker_id: SeekerId


class SeekerRegistered(_OfSeeker):
    """A person registered as a job seeker for the first time; published once for each person."""

    stability: ClassVar[Literal["draft", "stable"]] = "stable"

    person: Bands


class SeekerChanged(_OfSeeker):
    """A seeker's details were put right; `changed` names the fields, the values stay in intake."""

    person: Bands
    changed: tuple[str, ...]


class SeekerWithdrawn(_OfSeeker):
    """A seeker left the register; what was counted stays counted."""

    person: Bands
    reason: Literal["found_work", "moved_away", "not_looking", "other"]


class SeekerReturned(_OfSeeker):
    """A seeker who had withdrawn is back on the register; no new registration."""

    person: Bands


class SeekersMerged(_OfSeeker):
    """Two records were one person's: `merged_id` is this seeker from now on."""

    merged_id: SeekerId


class SeekerErased(_OfSeeker):
    """A person's data is gone from intake; every service forgets what it holds of them, counts stay."""


class SosCareGranted(_OfSeeker):
    """A seeker in sudden hardship was taken into SOS-Care; `reasons` are the rules that were met."""

    person: Bands
    reasons: tuple[str, ...]


class SosCareDeclined(_OfSeeker):
    """A request for SOS-Care was declined; `reasons` are the rules that were not met."""

    person: Bands
    reasons: tuple[str, ...]


class SosCareEnded(_OfSeeker):
    """SOS-Care ended, with a private job or otherwise."""

    person: Bands
    reason: Literal["private_job", "no_longer_in_hardship", "withdrawn"]


class CareStageChanged(_OfSeeker):
    """A seeker in total care moved to a stage; `before` is None at the first assessment."""

    person: Bands
    stage: CareStage
    before: CareStage | None = None


class CourseCompleted(_OfSeeker):
    """A seeker in total care completed a course; `hours` is its length."""

    person: Bands
    course: str
    hours: int
