"""Topic `jobplus.profiles` (compacted), keyed by the seeker: the present profile, for matching."""

from datetime import date
from typing import ClassVar, Literal

from .codes import CareStage, District, Education, Employment, Gender, IncomeBand, Occupation
from .event import Event, Stability
from .ids import SeekerId
from .topics import PROFILES, Topic
from .values import Count, Won


class _OfProfile(Event):
    topic: ClassVar[Topic] = PROFILES
    key_field: ClassVar[str] = "seeker_id"

    seeker_id: SeekerId


class SeekerProfile(_OfProfile):
    """What matching needs of the present person. Published at every change; replaces the profile before it."""

    korean: ClassVar[str] = "구직자 프로필"
    stability: ClassVar[Stability] = "stable"

    status: Literal["active", "withdrawn"]
    registered_on: date
    birth_year: int
    gender: Gender
    district: District
    """Where the person lives."""
    wanted_occupations: tuple[Occupation, ...]
    """The one wanted most comes first."""
    wanted_districts: tuple[District, ...] = ()
    """Where the person would work; empty: anywhere."""
    wanted_employment: tuple[Employment, ...] = ()
    """Empty: any."""
    desired_wage: Won | None = None
    career_years: Count | None = None
    education: Education | None = None
    income_band: IncomeBand | None = None
    care_stage: CareStage | None = None
    """Present while the person is in total care."""
    breadwinner: bool | None = None
    """Whether the person is the only earner of a family with dependants; absent where it was not declared."""
    sos_care: bool = False
    """Whether the person is in SOS-Care: public jobs come first, and a job in one ends no search."""


class ProfileMerged(_OfProfile):
    """The record was merged into another one of the same person: what is held under it goes on under that one.

    Its last profile but for ProfileRemoved, when the person is erased. Tells nothing personal, and stays on the topic.
    """

    korean: ClassVar[str] = "프로필 통합"
    stability: ClassVar[Stability] = "stable"

    merged_into: SeekerId
    """The record that stayed; it may have been merged into another one since."""


class ProfileRemoved(_OfProfile):
    """The tombstone of a profile: the person was erased.

    Published of each id that the person is known by. On Kafka it is a record without a value, so one that was read
    from there knows nothing but its key.
    """

    korean: ClassVar[str] = "프로필 삭제"
    stability: ClassVar[Stability] = "stable"
    tombstone: ClassVar[bool] = True

    def encode(self) -> bytes | None:
        return None
