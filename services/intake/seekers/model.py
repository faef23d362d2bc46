"""A job seeker as intake knows them, and the two views of them that leave intake."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from chassis.aggregates import Find
from contracts.codes import District, Education, Gender, Occupation, age_band
from contracts.ids import SeekerId
from contracts.profile import Bands


@dataclass(frozen=True, slots=True)
class Seeker:
    """A registered person, with everything that identifies them. Money is won a month."""

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

    def bands(self, on: date) -> Bands:
        """Give the profile that events about this person are counted by, as of a day."""
        return Bands(
            age_band=age_band(self.birth_date.year, on),
            gender=self.gender,
            district=self.district,
            wanted_occupations=self.wanted_occupations,
        )


@dataclass(frozen=True, slots=True)
class SamePerson(Find):
    """The seeker who has this name, birth date and phone."""

    name: str
    birth_date: date
    phone: str
