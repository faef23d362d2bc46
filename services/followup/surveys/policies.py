"""From events that tell who was served, who is whom, who wants to be asked, or who was erased, to commands."""

from collections.abc import Sequence

from contracts.cases import Placed, ReferralMade
from contracts.counselling import SessionHeld
from contracts.followups import FollowUpMade
from contracts.open_codes import UnknownCode
from contracts.seekers import ConsentRecorded, SeekerErased, SeekersMerged
from services.followup.surveys.commands import ForgetPerson, NoteConsent, NoteMerged, NoteServed
from services.followup.surveys.model import SurveyConsent


def note_client(event: SessionHeld) -> Sequence[NoteServed]:
    """Who had a session was served, registered or not."""
    return (NoteServed(event.client_id, event.occurred_on),)


def note_seeker(event: ReferralMade | Placed) -> Sequence[NoteServed]:
    """Who was referred or placed was served, whatever came of it; not who found a job alone."""
    if isinstance(event, Placed) and event.source == "self_found":
        return ()
    return (NoteServed(event.seeker_id, event.occurred_on),)


def note_reached(event: FollowUpMade) -> Sequence[NoteServed]:
    """Who was reached after a placement was served; who wasn't knows nothing of it. An outcome that isn't known here
    doesn't tell that they were."""
    reached = event.outcome != "not_reached" and not isinstance(event.outcome, UnknownCode)
    return (NoteServed(event.seeker_id, event.occurred_on),) if reached else ()


def note_merged(event: SeekersMerged) -> Sequence[NoteMerged]:
    """Two records were one person's: who was served and asked as one is never asked as the other."""
    return (NoteMerged(event.seeker_id, event.merged_id),)


def note_consent(event: ConsentRecorded) -> Sequence[NoteConsent]:
    """Who agrees to surveys no longer is not asked, until they agree again; other uses of their data say nothing."""
    if event.purpose != "surveys":
        return ()
    return (NoteConsent(SurveyConsent(event.seeker_id, event.given, event.occurred_on, event.recorded_at)),)


def forget(event: SeekerErased) -> Sequence[ForgetPerson]:
    """Nothing is kept of a person who was erased."""
    return (ForgetPerson(event.seeker_id),)
