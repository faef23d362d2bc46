"""What events change in the caseload. Of a person who was erased nothing is noted any more."""

from dataclasses import replace

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now
from services.followup.caseload.commands import (
    AwaitAnswer,
    ForgetClient,
    NoteCounsellor,
    NoteDeparture,
    NoteInternship,
    NoteOnRegister,
    NoteOpening,
    StopWaiting,
)
from services.followup.caseload.model import (
    AnsweredReferral,
    Client,
    ForgottenClient,
    FormerCounsellor,
    Internship,
    WaitingReferral,
)
from services.followup.surveys.model import ServedPerson, is_erased


def note_counsellor(person: ServedPerson | None, command: NoteCounsellor, now: Now) -> Decision:
    """Note which counsellor a seeker has, and since when."""
    if is_erased(person):
        return Accepted()
    return Accepted(effects=(Client(command.seeker_id, command.counsellor_id, command.day),))


def note_opening(command: NoteOpening, now: Now) -> Decision:
    """Note that a record is open for a day."""
    return Accepted(effects=(command.opening,))


def note_on_register(person: ServedPerson | None, command: NoteOnRegister, now: Now) -> Decision:
    """Note whether a seeker has left the register, and when."""
    if is_erased(person):
        return Accepted()
    left_on = command.withdrawn_on
    return Accepted(effects=(Client(command.seeker_id, withdrawn=left_on is not None, withdrawn_on=left_on),))


def await_answer(person: ServedPerson | None, command: AwaitAnswer, now: Now) -> Decision:
    """Note that a referral waits for its answer."""
    if is_erased(person):
        return Accepted()
    return Accepted(effects=(WaitingReferral(command.key, command.made_on),))


def stop_waiting(person: ServedPerson | None, command: StopWaiting, now: Now) -> Decision:
    """Note that nobody waits for a referral's answer any more."""
    if is_erased(person):
        return Accepted()
    return Accepted(effects=(AnsweredReferral(command.key),))


def note_internship(
    person: ServedPerson | None, internship: Internship | None, command: NoteInternship, now: Now
) -> Decision:
    """Note that an internship has begun or ended, whichever is heard of first. A conversion ends it once more."""
    if is_erased(person):
        return Accepted()
    known = internship or Internship(command.internship_id, command.seeker_id)
    return Accepted((replace(known, ended_on=command.ended_on or known.ended_on),))


def note_departure(command: NoteDeparture, now: Now) -> Decision:
    """Note that a counsellor has left."""
    return Accepted(effects=(FormerCounsellor(command.counsellor_id),))


def forget(command: ForgetClient, now: Now) -> Decision:
    """Keep nothing of a person who was erased."""
    return Accepted(effects=(ForgottenClient(command.seeker_id),))


DECIDERS: Deciders = {
    NoteCounsellor: note_counsellor,
    NoteOpening: note_opening,
    NoteOnRegister: note_on_register,
    AwaitAnswer: await_answer,
    StopWaiting: stop_waiting,
    NoteInternship: note_internship,
    NoteDeparture: note_departure,
    ForgetClient: forget,
}
