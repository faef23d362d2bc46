"""When a firm is asked for its hiring plan."""

from dataclasses import replace

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused
from chassis.problems import ProblemType
from contracts.firms import HiringPlanAsked
from services.intake.firms.commands import AskForPlan
from services.intake.firms.model import Employer, PlanRequest, PlanRequests
from services.intake.firms.rules import not_left

DAYS_TO_ANSWER = 14
"""A firm that hasn't answered is not asked again within so many days: this service's own choice."""

ASKED_LATELY = ProblemType("asked-lately", 409, "This firm was asked for its hiring plan shortly before")
PLAN_FILED = ProblemType("plan-filed", 409, "This firm has filed a hiring plan on that day or after it")


def ask_for_plan(employer: Employer | None, asked: PlanRequests, command: AskForPlan, now: Now) -> Decision:
    """Ask a member or a prospect what it plans to hire; who hasn't answered is asked again after a while.

    A plan answers what was asked before it was filed. A request that is noted after such a plan would wait for another
    one, which it never asked for.
    """
    form = command.form
    day = form.occurred_on or now.day
    firm = not_left(employer, command.employer_id, day, now)
    if not isinstance(firm, Employer):
        return firm
    for earlier in asked.waiting(now.day):
        if abs((day - earlier.asked_on).days) < DAYS_TO_ANSWER:
            facts = {"asked_on": earlier.asked_on, "channel": earlier.channel}
            return Refused(ASKED_LATELY, f"asked on {earlier.asked_on}, it has not answered yet", "occurred_on", facts)
    if asked.last_filed_on is not None and day <= asked.last_filed_on:
        filed_on = asked.last_filed_on
        detail = f"it filed a plan on {filed_on}: there was nothing to ask for on {day}"
        return Refused(PLAN_FILED, detail, "occurred_on", {"filed_on": filed_on})
    request = PlanRequest(command.request_id, day, str(now.actor), form.channel)
    requests = tuple(sorted((*asked.requests, request), key=lambda each: (each.asked_on, each.request_id)))
    event = HiringPlanAsked(
        **now.stamp("ask_for_plan", day),
        employer_id=firm.employer_id,
        request_id=request.request_id,
        channel=request.channel,
        size=firm.size,
        district=firm.district,
        member=firm.status == "member",
    )
    return Accepted((replace(asked, requests=requests),), (event,), {"request_id": request.request_id})


DECIDERS: Deciders = {AskForPlan: ask_for_plan}
