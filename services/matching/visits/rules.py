"""Which firms are visited, how they are scored, and when a visit was made."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, combinations

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown, impossible_day
from chassis.problems import ProblemType
from contracts.codes import District, Occupation
from contracts.ids import EmployerId, HiringPlanId
from contracts.topics import FIRMS
from contracts.visits import VisitDue, VisitMade
from services.matching.counsellors.model import Staff
from services.matching.counsellors.rules import refuse_out_of_service
from services.matching.employers.model import Employer
from services.matching.visits.commands import (
    DropPlan,
    HidePlans,
    KeepPlan,
    KeepUnplaced,
    KnowProspect,
    ListVisit,
    NoteFirm,
    RecordVisit,
)
from services.matching.visits.model import Plan, PlanningFirm, UnplacedOfYear, Visit, due_visit_id

FEWEST_OPENINGS = 10
"""Firms that plan to hire as many or more are visited."""

NO_TEAM = ProblemType("visit-without-team", 422, "A visit is made by officials, counsellors or both")
NOT_VISITED = ProblemType("visit-not-made", 409, "This visit is due, and was not made yet")
OTHER_FIRM = ProblemType("visit-to-another-firm", 409, "This visit was to another firm")
BEFORE_VISIT = ProblemType("before-visit", 409, "The visit was not made yet on that day")


def could_take(plans: Sequence[Plan], unplaced: Mapping[Occupation, int]) -> int:
    """Tell how many unplaced seekers plans could take, each seeker into one opening of an occupation that is planned.

    That is the largest flow from openings to seekers, and so the least cut between them: over every choice of
    occupations, the seekers of these and the openings of the plans that have others. With five occupations there are
    32 choices.
    """
    planned = [(frozenset(plan.occupations) & unplaced.keys(), plan.openings) for plan in plans]
    choices = chain.from_iterable(combinations(unplaced, count) for count in range(len(unplaced) + 1))
    return min(
        sum(unplaced[code] for code in chosen)
        + sum(openings for codes, openings in planned if not codes.issubset(chosen))
        for chosen in choices
    )


def list_visit(
    unplaced: UnplacedOfYear | None, firm: PlanningFirm | None, visit: Visit | None, command: ListVisit, now: Now
) -> Decision:
    """Have a firm visited once in a year, when it plans to hire ten or more.

    While it waits, a newer plan or version of the unplaced only changes its score, and a move where it is.
    """
    if unplaced is None or firm is None:
        return Unknown("employer_id", command.employer_id)
    if (firm.looked_for, firm.looked_by) >= (command.year, unplaced.version):
        return Accepted()
    looked = replace(firm, looked_for=command.year, looked_by=unplaced.version)
    plans = firm.holding(now.day)
    openings, score = sum(plan.openings for plan in plans), could_take(plans, unplaced.unplaced)
    if visit is not None and visit.made_on is None:
        return Accepted((looked, replace(visit, district=firm.district, openings=openings, score=score)))
    if visit is not None or openings < FEWEST_OPENINGS:
        return Accepted((looked,))
    due = Visit(
        visit_id=due_visit_id(firm.employer_id, command.year),
        employer_id=firm.employer_id,
        year=command.year,
        district=firm.district,
        due_on=now.day,
        openings=openings,
        score=score,
    )
    event = VisitDue(
        **now.stamp("list_visit"),
        employer_id=due.employer_id,
        visit_id=due.visit_id,
        district=firm.district,
        due_on=now.day,
        openings=openings,
        score=score,
    )
    return Accepted((looked, due), (event,))


def record_visit(
    employer: Employer | None,
    firm: PlanningFirm | None,
    due: Visit | None,
    staff: Staff,
    command: RecordVisit,
    now: Now,
) -> Decision:
    """Record a visit that was made: the one that was due in its year, or one beside the list."""
    form = command.form
    day = form.occurred_on or now.day
    employer_id = EmployerId(form.employer_id)
    if employer is None and firm is None:
        return Unknown("employer_id", employer_id, FIRMS.name)
    if refused := impossible_day(now, "occurred_on", day):
        return refused
    if not form.officials and not form.counsellors:
        return Refused(NO_TEAM, "say how many officials were there, or which counsellors", "officials")
    if out_of_service := refuse_out_of_service(staff, form.counsellors, day, "counsellors"):
        return out_of_service
    plan_id = HiringPlanId(form.plan_id) if form.plan_id else None
    if plan_id and (firm is None or all(plan.plan_id != plan_id for plan in firm.plans)):
        return Unknown("plan_id", plan_id, FIRMS.name, is_key=False)
    if not _is_due(due, day):
        due = None
    visit = due or Visit(command.visit_id, employer_id, day.year, firm.district if firm else None)
    visit = replace(
        visit,
        made_on=day,
        officials=form.officials,
        counsellors=tuple(str(counsellor_id) for counsellor_id in dict.fromkeys(form.counsellors)),
        vacancies_found=form.vacancies_found,
        plan_id=plan_id,
    )
    event = VisitMade(
        **now.stamp("record_visit", day),
        employer_id=visit.employer_id,
        visit_id=visit.visit_id,
        due=due is not None,
        officials=visit.officials,
        counsellors=len(visit.counsellors),
        district=visit.district,
        vacancies_found=visit.vacancies_found,
        plan_id=visit.plan_id,
    )
    return Accepted((visit,), (event,), {"visit_id": visit.visit_id, "due": due is not None})


def _is_due(visit: Visit | None, day: date) -> bool:
    """Tell whether a visit of that day is the one that was due. Another one may have been recorded meanwhile."""
    if visit is None or visit.made_on is not None or visit.due_on is None:
        return False
    return visit.year == day.year and visit.due_on <= day


def refuse_unvisited(visit: Visit, employer_id: EmployerId, day: date) -> Refused | None:
    """Refuse to name a visit as what found something, unless it was made to that firm by that day."""
    if visit.employer_id != employer_id:
        return Refused(OTHER_FIRM, "the visit was to another firm", "visit_id")
    if visit.made_on is None:
        return Refused(NOT_VISITED, "record the visit at /visits first", "visit_id", {"due_on": visit.due_on})
    if day < visit.made_on:
        return Refused(BEFORE_VISIT, f"the visit was on {visit.made_on}", "visit_id", {"made_on": visit.made_on})
    return None


def know_prospect(firm: PlanningFirm | None, command: KnowProspect, now: Now) -> Decision:
    """Remember a prospect and where it is."""
    return Accepted((_at(firm or PlanningFirm(command.employer_id, command.district), command.district),))


def note_firm(firm: PlanningFirm | None, command: NoteFirm, now: Now) -> Decision:
    """Remember where a firm that plans to hire is; what it had planned when it left counts again."""
    return Accepted((_at(firm, command.district),) if firm else ())


def hide_plans(firm: PlanningFirm | None, command: HidePlans, now: Now) -> Decision:
    """Count no plan of a firm that left: it leaves the list."""
    return Accepted((replace(firm, has_left=True, looked_for=0),) if firm else ())


def _at(firm: PlanningFirm, district: District) -> PlanningFirm:
    """Put a firm that is a member or a prospect where it is; it is looked at anew if that is new."""
    if firm.district == district and not firm.has_left:
        return firm
    return replace(firm, district=district, has_left=False, looked_for=0)


def keep_plan(firm: PlanningFirm | None, command: KeepPlan, now: Now) -> Decision:
    """Keep a firm's plan beside those that it has filed before; it is looked at anew."""
    firm = firm or PlanningFirm(command.employer_id, command.district)
    others = tuple(plan for plan in firm.plans if plan.plan_id != command.plan.plan_id and plan.hire_by >= now.day)
    return Accepted((replace(_at(firm, command.district), plans=(*others, command.plan), looked_for=0),))


def drop_plan(firm: PlanningFirm | None, command: DropPlan, now: Now) -> Decision:
    """Drop a plan; the firm is looked at anew, and leaves the list when too little is left."""
    if firm is None:
        return Accepted()
    left = tuple(plan for plan in firm.plans if plan.plan_id != command.plan_id)
    return Accepted((replace(firm, plans=left, looked_for=0),))


def keep_unplaced(unplaced: UnplacedOfYear | None, command: KeepUnplaced, now: Now) -> Decision:
    """Remember whom a year left unplaced, by the latest version; the firms are then looked at anew.

    What was published stands: a version that comes again with other numbers changes nothing.
    """
    if unplaced is not None and unplaced.version >= command.version:
        return Accepted()
    return Accepted((UnplacedOfYear(command.year, command.unplaced, command.version),))


DECIDERS: Deciders = {
    ListVisit: list_visit,
    RecordVisit: record_visit,
    KnowProspect: know_prospect,
    NoteFirm: note_firm,
    HidePlans: hide_plans,
    KeepPlan: keep_plan,
    DropPlan: drop_plan,
    KeepUnplaced: keep_unplaced,
}
