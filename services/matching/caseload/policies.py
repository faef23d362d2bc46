"""From events to commands for the caseload."""

from collections.abc import Sequence

from contracts.counselling import CounsellorAssigned, RecordOpened
from contracts.ids import SeekerId
from contracts.profiles import ProfileRemoved
from contracts.seekers import SeekerErased
from services.matching.caseload.commands import ForgetClient, NoteCounsellor, NoteOpening
from services.matching.caseload.model import Client, Opening


def note_counsellor(event: CounsellorAssigned) -> Sequence[NoteCounsellor]:
    """A seeker is the client of the counsellor whom they were last assigned to."""
    return (NoteCounsellor(Client(SeekerId(event.client_id), event.counsellor_id)),)


def note_opening(event: RecordOpened) -> Sequence[NoteOpening]:
    """A record that was opened is open to that counsellor for the day."""
    return (NoteOpening(Opening(SeekerId(event.client_id), event.occurred_on, event.counsellor_id)),)


def forget(event: ProfileRemoved | SeekerErased) -> Sequence[ForgetClient]:
    """Who was erased is nobody's client."""
    return (ForgetClient(event.seeker_id),)
