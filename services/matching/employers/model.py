"""A member company that may open vacancies."""

from dataclasses import dataclass
from datetime import date

from contracts.ids import EmployerId


@dataclass(frozen=True, slots=True)
class Employer:
    """`left_on` is the day on which it left, None while it is a member; `vacancies_closed` then says that none is open
    any more."""

    employer_id: EmployerId
    joined_on: date
    left_on: date | None = None
    vacancies_closed: bool = False
