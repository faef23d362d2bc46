"""Which counsellor a seeker is assigned to."""

from dataclasses import replace
from datetime import date
from typing import Literal

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown
from chassis.problems import ProblemType
from contracts.codes import ClientGroup
from contracts.counselling import CounsellorAssigned
from contracts.ids import CounsellorId
from services.intake.assignments.commands import AssignByGroup, AssignByLoad, AssignTo
from services.intake.assignments.groups import group_of
from services.intake.assignments.model import Assignment, Desk
from services.intake.counsellors.model import Absences, Counsellor
from services.intake.counsellors.rules import NOT_IN_SERVICE
from services.intake.seekers.model import GroupInDoubt, Seeker
from services.intake.seekers.rules import NOT_REGISTERED

COUNSELLOR_AWAY = ProblemType("counsellor-away", 409, "This counsellor is away")

Reason = Literal["registered", "handed_over", "asked", "group_changed"]


def assign_by_load(
    desk: Desk, seeker: Seeker | None, assignment: Assignment | None, command: AssignByLoad, now: Now
) -> Decision:
    """Give the least loaded counsellor of their group to who has none, or one who has left or is away for long.

    Where everyone is away, whoever has a counsellor in service keeps them.
    """
    if seeker is None or assignment is None:
        return Unknown("seeker_id", command.seeker_id)
    theirs = desk.specialist(assignment.counsellor_id)
    kept = theirs is not None and (theirs.away_days <= command.longest_absence or not desk.present)
    group = group_of(seeker, assignment.startup, desk.day).group
    chosen = desk.least_loaded(group)
    if seeker.status != "active" or kept or chosen is None:
        return Accepted()
    reason: Reason = "registered" if assignment.counsellor_id is None else "handed_over"
    assigned = _given(assignment, chosen.counsellor_id, group, desk.day)
    event = _event(seeker, assigned, now, "assign_by_load", reason)
    return Accepted((desk.with_one_more(chosen.counsellor_id), assigned), (event,))


def assign_by_group(
    desk: Desk, seeker: Seeker | None, assignment: Assignment | None, command: AssignByGroup, now: Now
) -> Decision:
    """Give the least loaded counsellor of their group to who came to belong to another one than they were assigned by.

    They keep theirs who looks after that group, whom a manager chose, or where nobody who is there looks after it.
    Nothing is decided of who has none, or one out of service: they are assigned by load.
    """
    if seeker is None or assignment is None:
        return Unknown("seeker_id", command.seeker_id)
    settled = (GroupInDoubt(seeker.seeker_id, settled=True),)
    theirs = desk.specialist(assignment.counsellor_id)
    group = group_of(seeker, assignment.startup, desk.day).group
    chosen = desk.least_loaded(group)
    if theirs is None or chosen is None or group not in chosen.groups:
        return Accepted(effects=settled)
    if assignment.chosen or group == assignment.group or group in theirs.groups:
        return Accepted(effects=settled)
    assigned = _given(assignment, chosen.counsellor_id, group, desk.day)
    event = _event(seeker, assigned, now, "assign_by_group", "group_changed")
    left = desk.with_one_less(theirs.counsellor_id)
    return Accepted((left.with_one_more(chosen.counsellor_id), assigned), (event,), effects=settled)


def assign_to(
    counsellor: Counsellor | None,
    absences: Absences | None,
    seeker: Seeker | None,
    assignment: Assignment | None,
    command: AssignTo,
    now: Now,
) -> Decision:
    """Give a seeker the counsellor whom a manager names, of whatever group."""
    if counsellor is None:
        return Unknown("counsellor_id", command.form.counsellor_id)
    if seeker is None or assignment is None:
        return Unknown("seeker_id", command.seeker_id)
    if seeker.status != "active":
        return Refused(NOT_REGISTERED, "only who is on the register has a counsellor", "seeker_id")
    if not counsellor.in_service(now.day):
        return Refused(NOT_IN_SERVICE, f"not in service on {now.day}", "counsellor_id")
    if absences and (absence := absences.on(now.day)):
        return Refused(COUNSELLOR_AWAY, f"away from {absence.first} to {absence.last}", "counsellor_id")
    group = group_of(seeker, assignment.startup, now.day).group
    answer = {"seeker_id": seeker.seeker_id, "counsellor_id": counsellor.counsellor_id, "group": group}
    if assignment.counsellor_id == counsellor.counsellor_id:
        return Accepted((replace(assignment, chosen=True),), answer={**answer, "group": assignment.group})
    assigned = replace(_given(assignment, counsellor.counsellor_id, group, now.day), chosen=True)
    return Accepted((assigned,), (_event(seeker, assigned, now, "assign_to", "asked"),), answer)


def _given(assignment: Assignment, counsellor_id: CounsellorId, group: ClientGroup, day: date) -> Assignment:
    return replace(assignment, counsellor_id=counsellor_id, group=group, since=day, chosen=False)


def _event(seeker: Seeker, assigned: Assignment, now: Now, rule: str, reason: Reason) -> CounsellorAssigned:
    assert assigned.counsellor_id is not None
    assert assigned.group is not None
    return CounsellorAssigned(
        **now.stamp(rule, assigned.since),
        client_id=seeker.seeker_id,
        counsellor_id=CounsellorId(assigned.counsellor_id),
        group=assigned.group,
        reason=reason,
        person=seeker.bands(now.day),
    )


DECIDERS: Deciders = {AssignByLoad: assign_by_load, AssignByGroup: assign_by_group, AssignTo: assign_to}
