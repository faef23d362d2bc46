"""What events change in the caseload. Of a person who was erased nothing is noted any more."""

from dataclasses import replace

from chassis.command_batch import Deciders
from chassis.decisions import Accepted, Decision, Now
from services.followup.caseload.commands import AwaitAnswer, ForgetClient, NoteCounsellor, NoteOnRegister, StopWaiting
from services.followup.caseload.model import Client, WaitingReferral
from services.followup.surveys.model import ServedPerson


def note_counsellor(person: ServedPerson | None, client: Client, command: NoteCounsellor, now: Now) -> Decision:
    """Note which counsellor a seeker has, and since when."""
    if person is not None and person.erased:
        return Accepted()
    return Accepted((replace(client, counsellor_id=command.counsellor_id, assigned_on=command.day),))


def note_on_register(person: ServedPerson | None, client: Client, command: NoteOnRegister, now: Now) -> Decision:
    """Note whether a seeker has left the register."""
    if person is not None and person.erased:
        return Accepted()
    return Accepted((replace(client, withdrawn=command.withdrawn),))


def await_answer(person: ServedPerson | None, waiting: WaitingReferral, command: AwaitAnswer, now: Now) -> Decision:
    """Note that a referral waits for its answer."""
    if person is not None and person.erased:
        return Accepted()
    return Accepted((replace(waiting, made_on=command.made_on),))


def stop_waiting(waiting: WaitingReferral, command: StopWaiting, now: Now) -> Decision:
    """Note that nobody waits for a referral's answer any more."""
    return Accepted((replace(waiting, made_on=None),))


def forget(client: Client, command: ForgetClient, now: Now) -> Decision:
    """Keep nothing of a person who was erased."""
    return Accepted((Client(command.seeker_id, erased=True),))


DECIDERS: Deciders = {
    NoteCounsellor: note_counsellor,
    NoteOnRegister: note_on_register,
    AwaitAnswer: await_answer,
    StopWaiting: stop_waiting,
    ForgetClient: forget,
}
