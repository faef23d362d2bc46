"""Topic `jobplus.vacancies`, keyed by the vacancy: postings from opening to close."""

from datetime import date
from typing import ClassVar, Literal

from .codes import District, Employment, Occupation, Sector
from .event import Event, Stability
from .ids import EmployerId, VacancyId, VisitId
from .topics import VACANCIES, Topic
from .values import AtLeastOne, Code, Count, Won


class _OfVacancy(Event):
    topic: ClassVar[Topic] = VACANCIES
    key_field: ClassVar[str] = "vacancy_id"

    vacancy_id: VacancyId
    employer_id: EmployerId


class _WithTerms(_OfVacancy):
    occupation: Occupation
    openings: AtLeastOne
    """How many people are sought, those already placed included."""
    sector: Sector
    employment: Employment
    district: District
    """Where the work is."""
    wage: Won | None = None
    deadline: date | None = None
    """The last day to apply."""
    converts: bool = False
    """Whether the employer plans to make interns permanent: only then do youth internships start from it."""


class VacancyOpened(_WithTerms):
    """An employer seeks people for one kind of job; counted once, whatever the number of openings."""

    korean: ClassVar[str] = "구인 등록"
    stability: ClassVar[Stability] = "stable"

    visit_id: VisitId | None = None
    """The visit of the field discovery team that found it, if one did."""


class VacancyChanged(_WithTerms):
    """An open vacancy was changed; the values are those from now on."""

    korean: ClassVar[str] = "구인 변경"
    stability: ClassVar[Stability] = "stable"

    changed: tuple[Code, ...]
    """The names of the fields that changed."""
    openings_before: AtLeastOne
    """How many people were sought until now."""


class VacancyClosed(_OfVacancy):
    """Nobody is referred to a vacancy any more. Referrals to it that were still open end as obsolete: all of them where
    it is filled, otherwise those that nobody had answered.

    Where it has expired or was withdrawn, someone who was referred before may still be placed in a free opening. It
    isn't closed again by that.
    """

    korean: ClassVar[str] = "구인 마감"
    stability: ClassVar[Stability] = "stable"

    reason: Literal["filled", "expired", "withdrawn"]
    placed: Count
    """How many of the openings were filled by then."""
    openings: AtLeastOne
    occupation: Occupation | None = None
    """The vacancy's; every close since 2026 tells it."""
