"""What is due after a placement, and what a contact changes."""

from dataclasses import replace
from datetime import date

from chassis.command_batch import Deciders
from chassis.decisions import Accepted, Decision, Now, Refused, Unknown, in_future
from chassis.problems import ProblemType
from contracts.followups import EmploymentEnded, FollowUpDue, FollowUpMade
from contracts.topics import CASES
from services.followup.contacts.commands import (
    AnnounceContact,
    CancelEmployment,
    EndEmployment,
    EndReason,
    PlanContacts,
    RecordContact,
)
from services.followup.contacts.model import Contact, Employment, contact_id
from services.followup.contacts.working_days import due_on

NOT_DUE_YET = ProblemType("contact-not-due", 409, "This contact is not due yet")
ALREADY_MADE = ProblemType("contact-already-made", 409, "This contact was made already")
ALREADY_ENDED = ProblemType("employment-already-ended", 409, "This employment has ended already")
BEFORE_PLACEMENT = ProblemType("before-placement", 422, "The placement was after that day")


def plan(employment: Employment | None, command: PlanContacts, now: Now) -> Decision:
    """Plan the contacts of a placement."""
    if employment is not None:
        return Accepted()
    placed = command.placed
    employment = Employment(placed.placement_id, placed.seeker_id, placed.occurred_on, placed.person)
    contacts = tuple(
        Contact(
            contact_id(placed.placement_id, step),
            placed.placement_id,
            placed.seeker_id,
            step,
            due_on(placed.occurred_on, step),
        )
        for step in command.steps
    )
    return Accepted((employment, *contacts))


def cancel(employment: Employment | None, command: CancelEmployment, now: Now) -> Decision:
    """Let nothing fall due any more for a placement that never was."""
    if employment is None or employment.ended_on is not None:
        return Accepted()
    return Accepted((replace(employment, ended_on=command.corrected_on),))


def announce(employment: Employment | None, contact: Contact | None, command: AnnounceContact, now: Now) -> Decision:
    """Say that a contact is due, once."""
    if employment is None or contact is None:
        return Unknown("contact_id", command.contact_id)
    if contact.status != "planned" or employment.ended_on is not None:
        return Accepted()
    event = FollowUpDue(
        **now.stamp("announce", contact.due_on),
        seeker_id=contact.seeker_id,
        placement_id=contact.placement_id,
        person=employment.person,
        contact_id=contact.contact_id,
        step=contact.step,
        due_on=contact.due_on,
    )
    return Accepted((replace(contact, status="due"),), (event,))


def record(employment: Employment | None, contact: Contact | None, command: RecordContact, now: Now) -> Decision:
    """Take down what came of a contact; someone who wasn't reached is tried again."""
    form = command.form
    day = form.occurred_on or now.day
    if employment is None or contact is None:
        return Unknown("contact_id", command.contact_id)
    if refused := in_future(now, "occurred_on", day) or in_future(now, "ended_on", form.ended_on):
        return refused
    if contact.status == "made":
        return Refused(ALREADY_MADE, "someone has reached this seeker already", "contact_id")
    if day < contact.due_on:
        return Refused(NOT_DUE_YET, f"it is due on {contact.due_on}", "occurred_on")
    status = "due" if form.outcome == "not_reached" else "made"
    contact = replace(contact, status=status, attempts=contact.attempts + 1)
    made = FollowUpMade(
        **now.stamp("record", day),
        seeker_id=contact.seeker_id,
        placement_id=contact.placement_id,
        person=employment.person,
        contact_id=contact.contact_id,
        step=contact.step,
        outcome=form.outcome,
        attempt=contact.attempts,
        satisfaction=form.satisfaction,
    )
    answer = {"contact_id": contact.contact_id, "status": contact.status, "attempts": contact.attempts}
    if form.outcome != "left" or form.reason is None or employment.ended_on is not None:
        return Accepted((contact,), (made,), answer)
    ended = _end(employment, form.ended_on or day, form.reason, "ended_on", now)
    if isinstance(ended, Refused):
        return ended
    return Accepted((*ended.states, contact), (made, *ended.events), answer)


def end(employment: Employment | None, command: EndEmployment, now: Now) -> Decision:
    """Take note that an employment has ended, however that was learned."""
    form = command.form
    if employment is None:
        return Unknown("placement_id", command.placement_id, CASES.name, is_key=False)
    if refused := in_future(now, "occurred_on", form.occurred_on):
        return refused
    if employment.ended_on is not None:
        return Refused(ALREADY_ENDED, f"it ended on {employment.ended_on}", "placement_id")
    return _end(employment, form.occurred_on or now.day, form.reason, "occurred_on", now)


def _end(employment: Employment, day: date, reason: EndReason, field: str, now: Now) -> Accepted | Refused:
    if day < employment.placed_on:
        return Refused(BEFORE_PLACEMENT, f"the placement was on {employment.placed_on}", field)
    event = EmploymentEnded(
        **now.stamp("end", day),
        seeker_id=employment.seeker_id,
        placement_id=employment.placement_id,
        person=employment.person,
        reason=reason,
    )
    answer = {"placement_id": employment.placement_id, "ended_on": day}
    return Accepted((replace(employment, ended_on=day),), (event,), answer)


DECIDERS: Deciders = {
    PlanContacts: plan,
    CancelEmployment: cancel,
    AnnounceContact: announce,
    RecordContact: record,
    EndEmployment: end,
}
