"""A member company that may open vacancies."""

from dataclasses import dataclass
from datetime import date

from contracts.ids import EmployerId


@dataclass(frozen=True, slots=True)
class Employer:
    employer_id: EmployerId
    joined_on: date
