"""Topic `jobplus.vacancies`, keyed by the vacancy: postings from opening to close."""

from datetime import date
from typing import ClassVar, Literal

from contracts.codes import District, Employment, Occupation, Sector
from contracts.event import Event
from contracts.ids import EmployerId, VacancyId
from contracts.topics import VACANCIES, Topic


class _OfVacancy(Event):
    topic: ClassVar[Topic] = VACANCIES
    key_field: ClassVar[str] = "vacancy_id"

    vacancy_id: VacancyId
    employer_id: EmployerId


class VacancyOpened(_OfVacancy):
    """An employer seeks people for `openings` jobs. `wage` is won a month; `deadline` is the last day to apply."""

    stability: ClassVar[Literal["draft", "stable"]] = "stable"

    occupation: Occupation
    openings: int
    sector: Sector
    employment: Employment
    district: District
    wage: int | None = None
    deadline: date | None = None


class VacancyChanged(_OfVacancy):
    """An open vacancy was changed; `changed` names the fields, and the values are those from now on."""

    occupation: Occupation
    openings: int
    sector: Sector
    employment: Employment
    district: District
    wage: int | None = None
    deadline: date | None = None
    changed: tuple[str, ...]


class VacancyClosed(_OfVacancy):
    """A vacancy takes nobody any more; `placed` of its `openings` were filled."""

    stability: ClassVar[Literal["draft", "stable"]] = "stable"

    reason: Literal["filled", "expired", "withdrawn"]
    placed: int
    openings: int
