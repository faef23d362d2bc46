"""Topic `jobplus.visits`, keyed by the firm: the field discovery team's visits."""

from datetime import date
from typing import ClassVar

from contracts.codes import District
from contracts.event import Event
from contracts.ids import EmployerId, HiringPlanId, VisitId
from contracts.topics import VISITS, Topic


class _OfVisit(Event):
    topic: ClassVar[Topic] = VISITS
    key_field: ClassVar[str] = "employer_id"

    employer_id: EmployerId
    visit_id: VisitId


class VisitDue(_OfVisit):
    """A firm is on the visit list; `score` is how many unplaced seekers it could take."""

    district: District
    due_on: date
    score: int


class VisitMade(_OfVisit):
    """A team visited a firm; `vacancies_found` counts postings that came of it on the spot."""

    vacancies_found: int
    plan_id: HiringPlanId | None = None
