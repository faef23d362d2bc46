"""What is due after a placement, and what a contact changes.

Whatever happens to an employment, those of its contacts whose day has come are announced first: so each is announced
once, before anything is recorded of it and before the employment ends, whichever of the two is looked at sooner.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown, impossible_day
from chassis.batch.due import SYSTEM
from chassis.batch.taken_rows import ErasedPerson
from chassis.problems import ProblemType
from contracts import refusals
from contracts.followups import EmploymentEnd, EmploymentEnded, FollowUpDue, FollowUpMade, UnaskedStep
from contracts.ids import PlacementId
from contracts.topics import CASES
from services.followup.contacts.commands import (
    AnnounceContacts,
    CancelContacts,
    EndEmployment,
    EndWithNextJob,
    ForgetEmployments,
    OutcomeForm,
    PlanContacts,
    RecordContact,
    RecordStep,
)
from services.followup.contacts.model import (
    Contact,
    Employment,
    EmploymentsOf,
    ForgottenEmployments,
    StayingRecord,
    Try,
    contact_id,
)
from services.followup.contacts.working_days import due_on, working_days_after
from services.followup.surveys.model import ServedPerson, is_erased

NOT_DUE_YET = ProblemType("contact-not-due", 409, "This contact is not due yet")
ALREADY_MADE = ProblemType("contact-already-made", 409, "Someone has reached the seeker in this contact already")
GIVEN_UP = ProblemType("contact-given-up", 409, "This contact was tried often enough and given up")
CANCELLED = ProblemType("contact-cancelled", 409, "This contact was cancelled")
NOBODY_REACHED = ProblemType("nobody-reached", 422, "Who wasn't reached has said nothing")
END_NEEDS_REASON = ProblemType("end-needs-reason", 422, "That someone left is recorded with the reason")
NO_END = ProblemType("no-end-of-employment", 422, "Only who left tells why and since when")
ENDED_AFTER_CONTACT = ProblemType("ended-after-contact", 422, "Who left had done so by the contact's day")
NO_SUCH_STEP = ProblemType("no-such-step", 409, "This placement has no contact at that step")
ALREADY_ENDED = ProblemType("employment-already-ended", 409, "This employment has ended")
CORRECTED = ProblemType(*refusals.PLACEMENT_CORRECTED)
BEFORE_PLACEMENT = ProblemType(*refusals.BEFORE_PLACEMENT)
BEFORE_CHANGE = ProblemType("before-job-change", 422, "The seeker changed the job after that day")

TRIES = 3
"""After so many tries in vain a contact is given up. Nothing prescribes the number."""

WORKING_DAYS_BETWEEN_TRIES = 3
"""A try in vain is followed by the next one after so many working days. Nothing prescribes the number."""


def plan(
    employment: Employment | None,
    person: ServedPerson | None,
    stays: StayingRecord,
    command: PlanContacts,
    now: Now,
) -> Decision:
    """Plan the contacts of a placement; of one that is recorded late some are due at once, and told of the record that
    stays. Nobody follows up someone who was erased, whichever is heard of first."""
    if employment is not None or is_erased(person):
        return Accepted()
    placed = command.placed
    planned = Employment(
        placed.placement_id,
        stays.seeker_id,
        placed.occurred_on,
        placed.person,
        tuple(
            Contact(
                contact_id(placed.placement_id, step),
                placed.placement_id,
                stays.seeker_id,
                step,
                due_on(placed.occurred_on, step),
            )
            for step in command.steps
        ),
        source=placed.source,
        occupation=placed.occupation,
        sector=placed.sector,
        employment=placed.employment,
        heard_as=placed.seeker_id,
    )
    employment, announced = _announced(planned, now)
    return Accepted((employment,), announced)


def cancel(employment: Employment | None, command: CancelContacts, now: Now) -> Decision:
    """Have nobody asked any more about a placement that never was."""
    if employment is None:
        return Accepted()
    open_ones = (contact for contact in employment.contacts if contact.status in {"planned", "due", "given_up"})
    employment = employment.with_(*(replace(contact, status="cancelled") for contact in open_ones))
    return Accepted((replace(employment, corrected=True),))


def forget(
    employments: EmploymentsOf | None, person: ServedPerson | None, command: ForgetEmployments, now: Now
) -> Decision:
    """Keep nothing of the jobs of someone who was erased; that they were is marked with who was served."""
    return Accepted(effects=(ForgottenEmployments(command.seeker_id), ErasedPerson(command.seeker_id)))


def announce(employment: Employment | None, command: AnnounceContacts, now: Now) -> Decision:
    """Say which contacts of a placement are due, once of each; none of someone who was erased meanwhile."""
    if employment is None:
        return Accepted()
    employment, announced = _announced(employment, now)
    return Accepted((employment,), announced) if announced else Accepted()


def record(employment: Employment | None, command: RecordContact, now: Now) -> Decision:
    """Take down what came of a contact; someone who wasn't reached is tried again, some times.

    Who calls back after the contact was given up has been reached all the same.
    """
    contact = employment.contact(command.contact_id) if employment else None
    if employment is None or contact is None:
        return Unknown("contact_id", command.contact_id)
    form = command.form
    day = form.occurred_on or now.day
    if refused := impossible_day(now, "occurred_on", day) or _inconsistent(form, day):
        return refused
    if refused := _closed(contact, form, day) or _contradicted(employment, form, day):
        return refused
    employment, announced = _announced(employment, now)
    contact = _tried(contact, form.outcome, day)
    tried = Try(contact.contact_id, contact.attempts, day, form.outcome, form.satisfaction)
    employment = employment.with_(contact)
    made = FollowUpMade(
        **now.stamp("record", day),
        **_of(employment),
        contact_id=contact.contact_id,
        step=contact.step,
        outcome=form.outcome,
        attempt=contact.attempts,
        satisfaction=form.satisfaction,
        given_up=contact.status == "given_up",
    )
    answer = {"contact_id": contact.contact_id, "status": contact.status, "attempts": contact.attempts}
    left_next_job = form.outcome == "left" and employment.changed_job
    ends = form.outcome in {"left", "changed_job"} and employment.ended_on is None
    if not ends and not left_next_job:
        return Accepted((employment,), (*announced, made), answer, (tried,))
    changed_job = form.outcome == "changed_job"
    employment, ended = _ended(employment, form.ended_on or day, form.reason or "resigned", changed_job, now)
    return Accepted((employment,), (*announced, made, ended), answer, (tried,))


def record_step(employment: Employment | None, command: RecordStep, now: Now) -> Decision:
    """Take down what came of the contact that a placement has at a step."""
    row = command.row
    placement_id = PlacementId(row.placement_id)
    if employment is None:
        return Unknown("placement_id", placement_id, CASES.name, is_key=False)
    contact = contact_id(placement_id, row.step)
    if employment.contact(contact) is None:
        return Refused(NO_SUCH_STEP, f"no contact is planned at {row.step}", "step")
    return record(employment, RecordContact(contact, row), now)


def end(employment: Employment | None, command: EndEmployment, now: Now) -> Decision:
    """Take note that an employment has ended, however that was learned; or the one that the seeker changed to."""
    if employment is None:
        return Unknown("placement_id", command.placement_id, CASES.name, is_key=False)
    form = command.form
    day = form.occurred_on or now.day
    if refused := impossible_day(now, "occurred_on", day) or _before_placement(employment, "occurred_on", day):
        return refused
    if employment.corrected:
        return Refused(CORRECTED, "this placement was corrected: it never was", "placement_id")
    before = employment.ended_on
    if before is not None and (form.changed_job or not employment.changed_job):
        return Refused(ALREADY_ENDED, f"it ended on {before}", "placement_id")
    if before is not None and day < before:
        return Refused(BEFORE_CHANGE, f"the seeker changed the job on {before}, after {day}", "occurred_on")
    employment, announced = _announced(employment, now)
    employment, ended = _ended(employment, day, form.reason, form.changed_job, now)
    answer = {"placement_id": employment.placement_id, "ended_on": day}
    return Accepted((employment,), (*announced, ended), answer)


def end_with_next_job(employment: Employment | None, command: EndWithNextJob, now: Now) -> Decision:
    """End the job that a seeker had until the next, unless it had ended already or never was.

    Nobody is asked about it any more, and the seeker, who is placed anew, is not back in the pool: matching knows that
    it is a former placement that ended.
    """
    if employment is None or employment.corrected or employment.ended_on is not None:
        return Accepted()
    employment, announced = _announced(employment, now)
    employment, ended = _ended(employment, max(command.on, employment.placed_on), "other", False, now)
    return Accepted((employment,), (*announced, ended))


def _tried(contact: Contact, outcome: str, day: date) -> Contact:
    """Count a try; one in vain is followed by the next after some working days, the last by none."""
    attempts = contact.attempts + 1
    if outcome != "not_reached":
        return replace(contact, status="made", attempts=attempts, try_on=None)
    if attempts >= TRIES:
        return replace(contact, status="given_up", attempts=attempts, try_on=None)
    return replace(contact, status="due", attempts=attempts, try_on=working_days_after(day, WORKING_DAYS_BETWEEN_TRIES))


def _announced(employment: Employment, now: Now) -> tuple[Employment, tuple[FollowUpDue, ...]]:
    """Announce the planned contacts whose day has come; the day does it, whoever has them looked at."""
    come = [contact for contact in employment.contacts if contact.status == "planned" and contact.due_on <= now.day]
    by_day = replace(now, actor=SYSTEM)
    events = tuple(
        FollowUpDue(
            **by_day.stamp("announce", contact.due_on),
            **_of(employment),
            contact_id=contact.contact_id,
            step=contact.step,
            due_on=contact.due_on,
        )
        for contact in come
    )
    return employment.with_(*(replace(contact, status="due") for contact in come)), events


def _ended(
    employment: Employment, day: date, reason: EmploymentEnd, changed_job: bool, now: Now
) -> tuple[Employment, EmploymentEnded]:
    """End the employment; what hasn't been announced by then never is, and the event says what that was."""
    planned = [contact for contact in employment.contacts if contact.status == "planned"]
    event = EmploymentEnded(
        **now.stamp("end", day),
        **_of(employment),
        reason=reason,
        changed_job=changed_job,
        unasked=tuple(UnaskedStep(step=contact.step, due_on=contact.due_on) for contact in planned),
    )
    employment = employment.with_(*(replace(contact, status="cancelled") for contact in planned))
    if employment.ended_on is None:
        return replace(employment, ended_on=day, end_reason=reason, changed_job=changed_job), event
    return replace(employment, changed_job=changed_job, next_ended_on=day, next_end_reason=reason), event


def _of(employment: Employment) -> dict[str, Any]:
    """Give what every event of an employment tells of it."""
    return {
        "seeker_id": employment.seeker_id,
        "placement_id": employment.placement_id,
        "person": employment.person,
        "occupation": employment.occupation,
        "sector": employment.sector,
        "employment": employment.employment,
        "source": employment.source,
    }


def _inconsistent(form: OutcomeForm, day: date) -> Refused | None:
    """Refuse what an outcome can't come with, or lacks."""
    if form.outcome == "not_reached" and form.satisfaction is not None:
        return Refused(NOBODY_REACHED, "nobody was reached, so nobody can have told how satisfied", "satisfaction")
    if form.outcome in {"left", "changed_job"}:
        if form.outcome == "left" and form.reason is None:
            return Refused(END_NEEDS_REASON, "say why the seeker left", "reason")
        if form.ended_on is not None and form.ended_on > day:
            return Refused(ENDED_AFTER_CONTACT, f"the contact was on {day}, before {form.ended_on}", "ended_on")
        return None
    if form.reason is not None or form.ended_on is not None:
        field = "reason" if form.reason is not None else "ended_on"
        return Refused(NO_END, f"{field} goes with left or changed_job, not with {form.outcome}", field)
    return None


def _closed(contact: Contact, form: OutcomeForm, day: date) -> Refused | None:
    """Refuse a contact that can't be made, any more or yet."""
    if contact.status == "made":
        return Refused(ALREADY_MADE, "someone has reached the seeker in this contact already", "contact_id")
    if contact.status == "given_up" and form.outcome == "not_reached":
        return Refused(GIVEN_UP, f"it was given up after {contact.attempts} tries", "contact_id")
    if contact.status == "cancelled":
        return Refused(CANCELLED, "the job had ended before this contact's day, or never was", "contact_id")
    if day < contact.due_on:
        field = "occurred_on" if form.occurred_on else "contact_id"
        return Refused(NOT_DUE_YET, f"it is due on {contact.due_on}, after {day}", field)
    return None


def _contradicted(employment: Employment, form: OutcomeForm, day: date) -> Refused | None:
    """Refuse an outcome that can't be true of this employment."""
    if form.ended_on is not None and (refused := _before_placement(employment, "ended_on", form.ended_on)):
        return refused
    if form.outcome == "still_employed" and employment.ended_on is not None and employment.ended_on < day:
        return Refused(ALREADY_ENDED, f"it ended on {employment.ended_on}, before {day}", "outcome")
    left_on, changed_on = form.ended_on or day, employment.ended_on
    if form.outcome == "left" and employment.changed_job and changed_on is not None and left_on < changed_on:
        return Refused(BEFORE_CHANGE, f"the seeker changed the job on {changed_on}, after {left_on}", "ended_on")
    return None


def _before_placement(employment: Employment, field: str, day: date) -> Refused | None:
    if day < employment.placed_on:
        return Refused(BEFORE_PLACEMENT, f"the placement was on {employment.placed_on}, after {day}", field)
    return None


DECIDERS: Deciders = {
    PlanContacts: plan,
    CancelContacts: cancel,
    ForgetEmployments: forget,
    AnnounceContacts: announce,
    RecordContact: record,
    RecordStep: record_step,
    EndEmployment: end,
    EndWithNextJob: end_with_next_job,
}
