"""Topic `jobplus.profiles` (compacted), keyed by the seeker: the present profile, for matching."""

from datetime import date
from typing import ClassVar, Literal

from contracts.codes import CareStage, District, Education, Employment, Gender, IncomeBand, Occupation
from contracts.event import Event
from contracts.ids import SeekerId
from contracts.topics import PROFILES, Topic


class SeekerProfile(Event):
    """What matching needs of the present person; replaces the profile before it. Money is won a month."""

    topic: ClassVar[Topic] = PROFILES
    key_field: ClassVar[str] = "seeker_id"

    seeker_id: SeekerId
    status: Literal["active", "withdrawn"]
    registered_on: date
    birth_year: int
    gender: Gender
    district: District
    wanted_occupations: tuple[Occupation, ...]
    wanted_districts: tuple[District, ...] = ()
    wanted_employment: tuple[Employment, ...] = ()
    desired_wage: int | None = None
    career_years: int | None = None
    education: Education | None = None
    income_band: IncomeBand | None = None
    care_stage: CareStage | None = None


class ProfileRemoved(Event):
    """The tombstone of a profile: the person was erased. On Kafka it is a record without a value."""

    topic: ClassVar[Topic] = PROFILES
    key_field: ClassVar[str] = "seeker_id"
    tombstone: ClassVar[bool] = True

    seeker_id: SeekerId

    def encode(self) -> bytes | None:
        return None
