"""When a counsellor starts, changes groups, is away and leaves."""

from dataclasses import replace
from datetime import timedelta

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown, impossible_day
from chassis.problems import ProblemType
from contracts import refusals
from contracts.counsellors import CounsellorChanged, CounsellorJoined, CounsellorLeft
from services.intake.counsellors.commands import (
    ChangeCounsellor,
    Departure,
    EndAbsence,
    JoinCounsellor,
    LeaveCounsellor,
    RecordAbsence,
    RecordService,
)
from services.intake.counsellors.model import Absence, Absences, Counsellor

ABSENCE_KEPT = timedelta(days=365)
"""An absence that ended longer ago is dropped with the next one: why somebody was away is their own affair."""

NOT_IN_SERVICE = ProblemType(*refusals.COUNSELLOR_NOT_IN_SERVICE)
ABSENCE_REVERSED = ProblemType("absence-reversed", 422, "An absence ends on its first day or after it")
ALREADY_AWAY = ProblemType("already-away", 409, "This counsellor is away on some of these days already")
NOT_AWAY = ProblemType("not-away", 409, "This counsellor is not away on that day")


def join(command: JoinCounsellor, now: Now) -> Decision:
    """Take a counsellor into service."""
    form = command.form
    day = form.occurred_on or now.day
    if refused := impossible_day(now, "occurred_on", day):
        return refused
    counsellor = Counsellor(command.counsellor_id, form.name, form.groups, day)
    event = CounsellorJoined(**now.stamp("join", day), counsellor_id=counsellor.counsellor_id, groups=counsellor.groups)
    return Accepted((counsellor,), (event,), {"counsellor_id": counsellor.counsellor_id})


def record_service(command: RecordService, now: Now) -> Decision:
    """Take a counsellor into service, and let them go again if they have left by now."""
    row = command.row
    joined = join(JoinCounsellor(command.counsellor_id, row), now)
    if not isinstance(joined, Accepted) or row.left_on is None:
        return joined
    (counsellor,) = joined.states
    left = leave(counsellor, LeaveCounsellor(command.counsellor_id, Departure(occurred_on=row.left_on)), now)
    if isinstance(left, Refused):
        return replace(left, field="left_on")
    if not isinstance(left, Accepted):
        return left
    return Accepted(left.states, (*joined.events, *left.events), left.answer)


def leave(counsellor: Counsellor | None, command: LeaveCounsellor, now: Now) -> Decision:
    """Let a counsellor go, from a day on."""
    day = command.departure.occurred_on or now.day
    if counsellor is None:
        return Unknown("counsellor_id", command.counsellor_id)
    if refused := impossible_day(now, "occurred_on", day):
        return refused
    if counsellor.left_on is not None or not counsellor.in_service(day):
        return Refused(NOT_IN_SERVICE, f"not in service on {day}", "counsellor_id")
    counsellor = replace(counsellor, left_on=day)
    event = CounsellorLeft(**now.stamp("leave", day), counsellor_id=counsellor.counsellor_id)
    return Accepted((counsellor,), (event,), {"counsellor_id": counsellor.counsellor_id})


def change(counsellor: Counsellor | None, command: ChangeCounsellor, now: Now) -> Decision:
    """Change a counsellor's name or client groups; those whom they have stay with them."""
    form = command.form
    if counsellor is None:
        return Unknown("counsellor_id", command.counsellor_id)
    if not counsellor.in_service(now.day):
        return Refused(NOT_IN_SERVICE, f"not in service on {now.day}", "counsellor_id")
    changed = replace(counsellor, name=form.name, groups=form.groups)
    answer = {"counsellor_id": counsellor.counsellor_id}
    if set(changed.groups) == set(counsellor.groups):
        return Accepted((changed,), answer=answer)
    event = CounsellorChanged(**now.stamp("change"), counsellor_id=counsellor.counsellor_id, groups=changed.groups)
    return Accepted((changed,), (event,), answer)


def be_away(counsellor: Counsellor | None, absences: Absences | None, command: RecordAbsence, now: Now) -> Decision:
    """Take down the days on which a counsellor is away."""
    form = command.form
    if counsellor is None:
        return Unknown("counsellor_id", command.counsellor_id)
    if form.last < form.first:
        return Refused(ABSENCE_REVERSED, f"{form.first} is after {form.last}", "to")
    if not counsellor.in_service(form.first):
        return Refused(NOT_IN_SERVICE, f"not in service on {form.first}", "from")
    absences = absences or Absences(counsellor.counsellor_id)
    for known in absences.periods:
        if known.first <= form.last and form.first <= known.last:
            return Refused(ALREADY_AWAY, f"away from {known.first} to {known.last}", "from")
    kept = (period for period in absences.periods if period.last >= now.day - ABSENCE_KEPT)
    periods = sorted((*kept, Absence(form.first, form.last, form.reason)), key=lambda period: period.first)
    return Accepted((replace(absences, periods=tuple(periods)),), answer={"counsellor_id": counsellor.counsellor_id})


def come_back(counsellor: Counsellor | None, absences: Absences | None, command: EndAbsence, now: Now) -> Decision:
    """End an absence before its last day."""
    day = command.back.occurred_on or now.day
    if counsellor is None:
        return Unknown("counsellor_id", command.counsellor_id)
    if refused := impossible_day(now, "occurred_on", day):
        return refused
    absence = absences.on(day) if absences else None
    if absences is None or absence is None:
        return Refused(NOT_AWAY, f"not away on {day}", "occurred_on")
    others = tuple(period for period in absences.periods if period != absence)
    been = (replace(absence, last=day - timedelta(1)),) if absence.first < day else ()
    periods = sorted((*others, *been), key=lambda period: period.first)
    return Accepted((replace(absences, periods=tuple(periods)),), answer={"counsellor_id": counsellor.counsellor_id})


DECIDERS: Deciders = {
    JoinCounsellor: join,
    RecordService: record_service,
    LeaveCounsellor: leave,
    ChangeCounsellor: change,
    RecordAbsence: be_away,
    EndAbsence: come_back,
}
