"""A member company."""

from dataclasses import dataclass
from datetime import date

from chassis.aggregates import Find
from contracts.codes import District, FirmSize
from contracts.ids import EmployerId


@dataclass(frozen=True, slots=True)
class Employer:
    employer_id: EmployerId
    business_number: str
    name: str
    size: FirmSize
    district: District
    joined_on: date


@dataclass(frozen=True, slots=True)
class WithBusinessNumber(Find):
    """The employer that has this business registration number."""

    number: str
