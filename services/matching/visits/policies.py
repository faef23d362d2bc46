"""From events about firms, and about who was left unplaced, to commands."""

from collections.abc import Sequence

from contracts.firms import EmployerLeft, HiringPlanFiled, HiringPlanWithdrawn, ProspectListed
from contracts.reports import UnplacedOccupationsPublished
from services.matching.visits.commands import DropPlans, KeepPlan, KeepUnplaced, KnowProspect
from services.matching.visits.model import Plan


def know_prospect(event: ProspectListed) -> Sequence[KnowProspect]:
    """A prospect may be visited before it has filed a plan."""
    return (KnowProspect(event.employer_id, event.district),)


def keep_plan(event: HiringPlanFiled) -> Sequence[KeepPlan]:
    """A plan may put its firm on the visit list."""
    plan = Plan(event.plan_id, event.openings, event.occupations, event.hire_by)
    return (KeepPlan(event.employer_id, event.district, plan),)


def drop_plan(event: HiringPlanWithdrawn) -> Sequence[DropPlans]:
    """A plan that was withdrawn counts no more."""
    return (DropPlans(event.employer_id, event.plan_id),)


def drop_plans(event: EmployerLeft) -> Sequence[DropPlans]:
    """The plans of a member that left count no more."""
    return (DropPlans(event.employer_id),)


def keep_unplaced(event: UnplacedOccupationsPublished) -> Sequence[KeepUnplaced]:
    """The next year's visits go first where the most unplaced could be taken."""
    return (KeepUnplaced(event.year, dict(zip(event.occupations, event.unplaced, strict=True))),)
