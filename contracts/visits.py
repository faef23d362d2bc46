"""Topic `jobplus.visits`, keyed by the firm: the field discovery team's visits."""

from datetime import date
from typing import ClassVar

from contracts.codes import District
from contracts.event import Event
from contracts.ids import EmployerId, HiringPlanId, VisitId
from contracts.topics import VISITS, Topic
from contracts.values import Count


class _OfVisit(Event):
    topic: ClassVar[Topic] = VISITS
    key_field: ClassVar[str] = "employer_id"

    employer_id: EmployerId
    visit_id: VisitId


class VisitDue(_OfVisit):
    """A firm is on the field discovery team's visit list."""

    district: District
    due_on: date
    score: Count
    """How many unplaced seekers the firm's plans could take; the highest is visited first."""


class VisitMade(_OfVisit):
    """The field discovery team visited a firm."""

    vacancies_found: Count
    """Postings that came of it on the spot."""
    plan_id: HiringPlanId | None = None
    """The hiring plan that was filed on the spot, if one was."""
