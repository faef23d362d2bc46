"""From events to commands for the caseload.

When a seeker was last heard of needs nothing here: it is the last day on which they were served.
"""

from collections.abc import Sequence

from contracts.cases import (
    InternshipBrokenOff,
    InternshipCompleted,
    InternshipConverted,
    InternshipStarted,
    ReferralAnswered,
    ReferralEnded,
    ReferralMade,
)
from contracts.counselling import CounsellorAssigned, RecordOpened
from contracts.counsellors import CounsellorLeft
from contracts.ids import SeekerId
from contracts.open_codes import UnknownCode
from contracts.seekers import SeekerErased, SeekerReturned, SeekerWithdrawn
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
from services.followup.caseload.model import Opening, WaitingKey


def note_counsellor(event: CounsellorAssigned) -> Sequence[NoteCounsellor]:
    """A seeker is in the caseload of the counsellor whom they were last assigned to."""
    return (NoteCounsellor(SeekerId(event.client_id), event.counsellor_id, event.occurred_on),)


def note_opening(event: RecordOpened) -> Sequence[NoteOpening]:
    """A record that was opened is open to that counsellor for the day."""
    return (NoteOpening(Opening(SeekerId(event.client_id), event.occurred_on, event.counsellor_id)),)


def note_withdrawal(event: SeekerWithdrawn) -> Sequence[NoteOnRegister]:
    """Who has left the register is nobody's work, unless a job of theirs ends after that."""
    return (NoteOnRegister(event.seeker_id, event.occurred_on),)


def note_return(event: SeekerReturned) -> Sequence[NoteOnRegister]:
    """Who is back on the register is looked after again."""
    return (NoteOnRegister(event.seeker_id),)


def await_answer(event: ReferralMade) -> Sequence[AwaitAnswer]:
    """A referral waits for its answer."""
    return (AwaitAnswer(WaitingKey(event.seeker_id, event.referral_id), event.occurred_on),)


def note_answer(event: ReferralAnswered) -> Sequence[StopWaiting]:
    """A referral that was postponed waits on; any other answer ends the waiting. One that isn't known here doesn't: a
    referral too many is seen, and its end is told; one too few is seen by nobody."""
    waits_on = event.answer == "postponed" or isinstance(event.answer, UnknownCode)
    return () if waits_on else (StopWaiting(WaitingKey(event.seeker_id, event.referral_id)),)


def note_end(event: ReferralEnded) -> Sequence[StopWaiting]:
    """Nobody waits for the answer to a referral that has ended."""
    return (StopWaiting(WaitingKey(event.seeker_id, event.referral_id)),)


def note_internship(event: InternshipStarted) -> Sequence[NoteInternship]:
    """Nobody need ask after who is at an internship."""
    return (NoteInternship(event.internship_id, event.seeker_id),)


def note_internship_end(
    event: InternshipBrokenOff | InternshipCompleted | InternshipConverted,
) -> Sequence[NoteInternship]:
    """Who was at an internship is silent from its end on."""
    return (NoteInternship(event.internship_id, event.seeker_id, event.occurred_on),)


def note_departure(event: CounsellorLeft) -> Sequence[NoteDeparture]:
    """Who has left has nobody to look after any more."""
    return (NoteDeparture(event.counsellor_id),)


def forget(event: SeekerErased) -> Sequence[ForgetClient]:
    """Nothing is kept of a person who was erased."""
    return (ForgetClient(event.seeker_id),)
