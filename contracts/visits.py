"""Topic `jobplus.visits`, keyed by the firm: the field discovery team's visits."""

from datetime import date
from typing import ClassVar

from .codes import District
from .event import Event, Stability
from .ids import EmployerId, HiringPlanId, VisitId
from .topics import VISITS, Topic
from .values import AtLeastOne, Count


class _OfVisit(Event):
    topic: ClassVar[Topic] = VISITS
    key_field: ClassVar[str] = "employer_id"

    employer_id: EmployerId
    visit_id: VisitId


class VisitDue(_OfVisit):
    """A firm is on the field discovery team's visit list."""

    korean: ClassVar[str] = "발굴단 방문 예정"
    stability: ClassVar[Stability] = "stable"

    district: District
    due_on: date
    openings: AtLeastOne
    """How many people the firm plans to hire, by all of its plans that hold."""
    score: Count
    """How many of the unplaced seekers of the year before's five occupations the plans could take, as of `due_on`; the
    highest is visited first."""


class VisitMade(_OfVisit):
    """The field discovery team visited a firm."""

    korean: ClassVar[str] = "발굴단 방문"
    stability: ClassVar[Stability] = "stable"

    due: bool
    """Whether the firm was on the visit list."""
    officials: Count
    counsellors: Count
    """How many counsellors were in the team."""
    district: District | None = None
    """Where the firm is, if that is known."""
    vacancies_found: Count
    """Postings that were promised on the spot. Those that were opened name the visit (`VacancyOpened.visit_id`)."""
    plan_id: HiringPlanId | None = None
    """The hiring plan that was filed on the spot, if one was."""
