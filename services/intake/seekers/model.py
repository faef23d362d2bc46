"""A job seeker as intake knows them, and the two views of them that leave intake."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from chassis.batch.aggregates import Find
from chassis.batch.effects import AtOnce, Effect
from chassis.days import Day
from chassis.texts import compared
from contracts.codes import (
    CareStage,
    District,
    Education,
    Employment,
    Gender,
    IncomeBand,
    JobEnd,
    Occupation,
    age_band,
    programme_of,
)
from contracts.ids import SeekerId
from contracts.profile import Bands
from contracts.seekers import SosCareEnd


class Declared(BaseModel):
    """What a person declares beside what identifies them; None where they did not say.

    `dependants` and `other_earners` count persons of the family. Empty wishes mean anywhere, any.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    wanted_districts: tuple[District, ...] = Field(default=(), max_length=26)
    wanted_employment: tuple[Employment, ...] = Field(default=(), max_length=4)
    dependants: int | None = Field(default=None, ge=0, le=20)
    other_earners: int | None = Field(default=None, ge=0, le=20)
    income_band: IncomeBand | None = None
    livelihood_benefit: bool | None = None
    last_job_ended_on: Day | None = None
    last_job_end_reason: JobEnd | None = None

    @property
    def breadwinner(self) -> bool | None:
        """Whether they are the only earner of a family with dependants; None where what they declared can't tell."""
        if self.dependants == 0 or (self.other_earners or 0) > 0:
            return False
        return None if self.dependants is None or self.other_earners is None else True


NOTHING_DECLARED = Declared()


@dataclass(frozen=True, slots=True)
class Seeker:
    """A registered person, with everything that identifies them. Money is won a month.

    `care_stage` is there while they are in total care. `version` counts the changes of the record.
    """

    seeker_id: SeekerId
    name: str
    birth_date: date
    phone: str
    gender: Gender
    district: District
    wanted_occupations: tuple[Occupation, ...]
    education: Education | None
    career_years: int | None
    desired_wage: int | None
    status: Literal["active", "withdrawn"]
    registered_on: date
    declared: Declared = NOTHING_DECLARED
    care_stage: CareStage | None = None
    sos_care: bool = False
    version: int = 1

    def is_person(self, name: str, birth_date: date, phone: str) -> bool:
        """Whether these are what identifies them."""
        same_name = self.name == name or compared(self.name) == compared(name)
        return same_name and (self.birth_date, self.phone) == (birth_date, phone)

    def bands(self, on: date) -> Bands:
        """Give the profile that events about this person are counted by, as of a day."""
        return Bands(
            age_band=age_band(self.birth_date.year, on),
            gender=self.gender,
            district=self.district,
            wanted_occupations=self.wanted_occupations,
            income_band=self.declared.income_band,
            programme=programme_of(self.sos_care, self.care_stage),
            breadwinner=self.declared.breadwinner,
        )


@dataclass(frozen=True, slots=True)
class FormerSeeker:
    """A mark in place of a record that is gone, with nothing personal in it: erased, or merged into `merged_into`."""

    seeker_id: SeekerId
    merged_into: SeekerId | None = None


@dataclass(frozen=True, slots=True)
class RecordGone(AtOnce):
    """That a record is there no longer, with all that goes with it: a mark stands in its place."""

    seeker_id: SeekerId


@dataclass(frozen=True, slots=True)
class MergedRecords:
    """The records that were merged into a seeker's, directly or by way of another."""

    seeker_id: SeekerId
    merged_ids: tuple[SeekerId, ...]


@dataclass(frozen=True, slots=True)
class InSosCare(Find):
    """The seeker of an id, or what belongs to them, if they are in SOS-Care."""

    seeker_id: SeekerId


@dataclass(frozen=True, slots=True)
class SosCareEnding(Effect):
    """That a seeker's SOS-Care ended on a day, and why."""

    seeker_id: SeekerId
    ended_on: date
    reason: SosCareEnd


@dataclass(frozen=True, slots=True)
class GroupInDoubt(Effect):
    """That a seeker may belong to another client group than the one they were assigned by; `settled` when it was looked
    into."""

    seeker_id: SeekerId
    settled: bool = False


@dataclass(frozen=True, slots=True)
class SamePerson(Find):
    """The seeker who has this name, as names are compared, birth date and phone; of several the one who was first."""

    name: str
    birth_date: date
    phone: str
