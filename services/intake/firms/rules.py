"""When a company joins, leaves and comes back, who is a prospect, and which hiring plans are taken."""

from dataclasses import replace
from datetime import date
from typing import Any

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown, impossible_day, other_version
from chassis.problems import ProblemType
from contracts import refusals
from contracts.firms import (
    EmployerChanged,
    EmployerJoined,
    EmployerLeft,
    EmployerReturned,
    HiringPlanFiled,
    HiringPlanWithdrawn,
    ProspectListed,
)
from contracts.ids import EmployerId
from services.intake.firms.commands import (
    ChangeEmployer,
    EmployerDetailsForm,
    FilePlan,
    JoinEmployer,
    LeaveCentre,
    ListProspect,
    WithdrawPlan,
)
from services.intake.firms.model import Employer, HiringPlan, PlanRequests

ALREADY_A_MEMBER = ProblemType("already-a-member", 409, "This company is a member already")
ALREADY_A_PROSPECT = ProblemType("already-a-prospect", 409, "This firm is listed as a prospect already")
NO_PROSPECT = ProblemType(
    "not-a-prospect", 422, "Prospects are mid-sized firms, and small firms that take part in a city programme"
)
NOT_A_MEMBER = ProblemType("not-a-member", 409, "This company is no member of the centre")
BEFORE_MEMBERSHIP = ProblemType("before-membership", 409, "The company was no member yet on that day")
BEFORE_DEPARTURE = ProblemType("before-departure", 409, "The company had not left yet on that day")
EMPLOYER_LEFT = ProblemType(*refusals.EMPLOYER_LEFT)
HIRING_IN_PAST = ProblemType("hiring-in-past", 422, "A hiring plan is for a day that is still to come")
PLAN_WITHDRAWN = ProblemType("plan-withdrawn", 409, "This hiring plan was withdrawn already")

_NAMES = ("name", "size", "district", "programmes")


def join(same: Employer | None, command: JoinEmployer, now: Now) -> Decision:
    """Take a company in, once for each business registration number: a prospect, or one that had left, keeps its id."""
    form = command.form
    day = form.occurred_on or now.day
    if refused := impossible_day(now, "occurred_on", day):
        return refused
    if same is None:
        employer = Employer(command.employer_id, form.business_number, joined_on=day, **_details(form))
        event = EmployerJoined(**now.stamp("join", day), employer_id=employer.employer_id, **_told(employer))
        return Accepted((employer,), (event,), {"employer_id": employer.employer_id})
    if same.status == "member":
        return _member_already(same)
    if same.left_on is not None and day < same.left_on:
        facts = {"left_on": same.left_on}
        return Refused(BEFORE_DEPARTURE, f"it left on {same.left_on}, after {day}", "occurred_on", facts)
    employer = replace(
        same,
        **_details(form),
        status="member",
        joined_on=same.joined_on or day,
        left_on=None,
        version=same.version + 1,
    )
    kind = EmployerJoined if same.joined_on is None else EmployerReturned
    event = kind(**now.stamp("join", day), employer_id=employer.employer_id, **_told(employer))
    return Accepted((employer,), (event,), {"employer_id": employer.employer_id})


def list_prospect(same: Employer | None, command: ListProspect, now: Now) -> Decision:
    """List a firm that is no member, for the field discovery team. If it joins later, it keeps its id."""
    form = command.form
    day = form.occurred_on or now.day
    if refused := impossible_day(now, "occurred_on", day):
        return refused
    if same is not None and same.status == "member":
        return _member_already(same)
    if same is not None and same.status == "prospect":
        return Refused(
            ALREADY_A_PROSPECT,
            f"this business number is listed: see /employers/{same.employer_id}",
            "business_number",
            {"employer_id": str(same.employer_id), "listed_on": same.listed_on},
        )
    if form.size == "large":
        return Refused(NO_PROSPECT, "a large firm is asked when it joins", "size", {"size": form.size})
    if form.size == "small" and not form.programmes:
        return Refused(NO_PROSPECT, "a small firm is listed for the city programme it is in", "programmes")
    if same is None:
        prospect = Employer(command.employer_id, form.business_number, joined_on=None, **_details(form))
    else:
        prospect = replace(same, **_details(form), version=same.version + 1)
    prospect = replace(prospect, status="prospect", listed_on=day)
    event = ProspectListed(**now.stamp("list_prospect", day), employer_id=prospect.employer_id, **_told(prospect))
    return Accepted((prospect,), (event,), {"employer_id": prospect.employer_id})


def change(employer: Employer | None, command: ChangeEmployer, now: Now) -> Decision:
    """Put right what is known of a firm. What was counted by it stays counted."""
    form = command.form
    firm = not_left(employer, command.employer_id, form.occurred_on, now)
    if not isinstance(firm, Employer):
        return firm
    if refused := other_version(firm.version, command.version):
        return refused
    details = _details(form)
    changed = tuple(name for name in sorted(_NAMES) if details[name] != getattr(firm, name))
    if changed:
        firm = replace(firm, **details, version=firm.version + 1)
    answer = {"employer_id": firm.employer_id, "changed": changed, "version": firm.version}
    if not changed:
        return Accepted(answer=answer)
    event = EmployerChanged(
        **now.stamp("change", form.occurred_on),
        employer_id=firm.employer_id,
        **_told(firm),
        changed=changed,
    )
    return Accepted((firm,), (event,), answer)


def leave(employer: Employer | None, command: LeaveCentre, now: Now) -> Decision:
    """Let a member go. It stays counted among those that ever joined."""
    day = command.form.occurred_on or now.day
    if employer is None:
        return Unknown("employer_id", command.employer_id)
    if refused := impossible_day(now, "occurred_on", day):
        return refused
    if employer.status != "member":
        return Refused(NOT_A_MEMBER, f"this company is: {employer.status}", "employer_id", {"status": employer.status})
    if employer.joined_on is not None and day < employer.joined_on:
        return Refused(
            BEFORE_MEMBERSHIP, f"joined on {employer.joined_on}", "occurred_on", {"joined_on": employer.joined_on}
        )
    left = replace(employer, status="left", left_on=day, version=employer.version + 1)
    event = EmployerLeft(**now.stamp("leave", day), employer_id=left.employer_id)
    return Accepted((left,), (event,), {"employer_id": left.employer_id})


def file_plan(employer: Employer | None, asked: PlanRequests, command: FilePlan, now: Now) -> Decision:
    """Take a hiring plan of a member or a prospect; it answers every request for one that waits."""
    form = command.form
    day = form.occurred_on or now.day
    firm = not_left(employer, command.employer_id, day, now)
    if not isinstance(firm, Employer):
        return firm
    if form.hire_by < day:
        return Refused(HIRING_IN_PAST, f"hire_by {form.hire_by} is before {day}", "hire_by")
    plan = HiringPlan(
        plan_id=command.plan_id,
        employer_id=firm.employer_id,
        openings=form.openings,
        occupations=form.occupations,
        hire_by=form.hire_by,
        converts_interns=form.converts_interns,
        filed_on=day,
    )
    waiting = asked.waiting(day)
    event = HiringPlanFiled(
        **now.stamp("file_plan", day),
        employer_id=plan.employer_id,
        plan_id=plan.plan_id,
        openings=plan.openings,
        occupations=plan.occupations,
        hire_by=plan.hire_by,
        converts_interns=plan.converts_interns,
        size=firm.size,
        district=firm.district,
        member=firm.status == "member",
        asked_on=waiting[-1].asked_on if waiting else None,
    )
    return Accepted((plan, asked.answered_by(plan)), (event,), {"plan_id": plan.plan_id})


def withdraw_plan(plan: HiringPlan | None, command: WithdrawPlan, now: Now) -> Decision:
    """Let a plan hold no more; it stays counted among those that were filed."""
    if plan is None:
        return Unknown("plan_id", command.plan_id)
    if plan.withdrawn_on is not None:
        return Refused(PLAN_WITHDRAWN, f"withdrawn on {plan.withdrawn_on}", "plan_id")
    event = HiringPlanWithdrawn(**now.stamp("withdraw_plan"), employer_id=plan.employer_id, plan_id=plan.plan_id)
    return Accepted((replace(plan, withdrawn_on=now.day),), (event,), {"plan_id": plan.plan_id})


def _details(form: EmployerDetailsForm) -> dict[str, Any]:
    return {"name": form.name, "size": form.size, "district": form.district, "programmes": form.programmes}


def _told(employer: Employer) -> dict[str, Any]:
    """Give what events tell of a firm: never its name or number."""
    return {"size": employer.size, "district": employer.district, "programmes": employer.programmes}


def _member_already(same: Employer) -> Refused:
    return Refused(
        ALREADY_A_MEMBER,
        f"this business number is a member: see /employers/{same.employer_id}",
        "business_number",
        {"employer_id": str(same.employer_id), "joined_on": same.joined_on},
    )


def not_left(
    employer: Employer | None, employer_id: EmployerId, day: date | None, now: Now
) -> Employer | Unknown | Refused:
    """Give the firm if it is a member or a prospect, and the day is a possible one."""
    if employer is None:
        return Unknown("employer_id", employer_id)
    if refused := impossible_day(now, "occurred_on", day):
        return refused
    if employer.status == "left":
        return Refused(EMPLOYER_LEFT, f"left on {employer.left_on}", "employer_id", {"left_on": employer.left_on})
    return employer


DECIDERS: Deciders = {
    JoinEmployer: join,
    ListProspect: list_prospect,
    ChangeEmployer: change,
    LeaveCentre: leave,
    FilePlan: file_plan,
    WithdrawPlan: withdraw_plan,
}
