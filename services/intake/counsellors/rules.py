"""When a counsellor starts and leaves."""

from dataclasses import replace

from chassis.command_batch import Deciders
from chassis.decisions import Accepted, Decision, Now, Refused, Unknown, in_future
from chassis.problems import ProblemType
from contracts.counsellors import CounsellorJoined, CounsellorLeft
from services.intake.counsellors.commands import JoinCounsellor, LeaveCounsellor
from services.intake.counsellors.model import Counsellor

NOT_IN_SERVICE = ProblemType("counsellor-not-in-service", 409, "This counsellor is not in service on that day")


def join(command: JoinCounsellor, now: Now) -> Decision:
    """Take a counsellor into service."""
    form = command.form
    day = form.occurred_on or now.day
    if refused := in_future(now, "occurred_on", day):
        return refused
    counsellor = Counsellor(command.counsellor_id, form.name, form.groups, day)
    event = CounsellorJoined(**now.stamp("join", day), counsellor_id=counsellor.counsellor_id, groups=counsellor.groups)
    return Accepted((counsellor,), (event,), {"counsellor_id": counsellor.counsellor_id})


def leave(counsellor: Counsellor | None, command: LeaveCounsellor, now: Now) -> Decision:
    """Let a counsellor go, from a day on."""
    day = command.departure.occurred_on or now.day
    if counsellor is None:
        return Unknown("counsellor_id", command.counsellor_id)
    if refused := in_future(now, "occurred_on", day):
        return refused
    if counsellor.left_on is not None or not counsellor.in_service(day):
        return Refused(NOT_IN_SERVICE, f"not in service on {day}", "counsellor_id")
    counsellor = replace(counsellor, left_on=day)
    event = CounsellorLeft(**now.stamp("leave", day), counsellor_id=counsellor.counsellor_id)
    return Accepted((counsellor,), (event,), {"counsellor_id": counsellor.counsellor_id})


DECIDERS: Deciders = {JoinCounsellor: join, LeaveCounsellor: leave}
