"""From events about firms, and about who was left unplaced, to commands."""

from collections.abc import Sequence

from contracts.firms import (
    EmployerChanged,
    EmployerJoined,
    EmployerLeft,
    EmployerReturned,
    HiringPlanFiled,
    HiringPlanWithdrawn,
    ProspectListed,
)
from contracts.reports import UnplacedOccupationsPublished
from services.matching.visits.commands import DropPlan, HidePlans, KeepPlan, KeepUnplaced, KnowProspect, NoteFirm
from services.matching.visits.model import Plan


def know_prospect(event: ProspectListed) -> Sequence[KnowProspect]:
    """A prospect may be visited before it has filed a plan."""
    return (KnowProspect(event.employer_id, event.district),)


def note_firm(event: EmployerJoined | EmployerReturned | EmployerChanged) -> Sequence[NoteFirm]:
    """The plans of a prospect that joins, or of a member that is back, count where it is now."""
    return (NoteFirm(event.employer_id, event.district),)


def hide_plans(event: EmployerLeft) -> Sequence[HidePlans]:
    """The plans of a member that left don't count until it is back."""
    return (HidePlans(event.employer_id),)


def keep_plan(event: HiringPlanFiled) -> Sequence[KeepPlan]:
    """A plan may put its firm on the visit list."""
    plan = Plan(event.plan_id, event.openings, event.occupations, event.hire_by)
    return (KeepPlan(event.employer_id, event.district, plan),)


def drop_plan(event: HiringPlanWithdrawn) -> Sequence[DropPlan]:
    """A plan that was withdrawn counts no more."""
    return (DropPlan(event.employer_id, event.plan_id),)


def keep_unplaced(event: UnplacedOccupationsPublished) -> Sequence[KeepUnplaced]:
    """The next year's visits go first where the most unplaced could be taken."""
    return (KeepUnplaced(event.year, dict(zip(event.occupations, event.unplaced, strict=True)), event.version),)
