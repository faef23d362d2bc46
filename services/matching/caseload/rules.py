"""What events change in the caseload. Of a person who was erased nothing is noted any more."""

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now
from services.matching.caseload.commands import ForgetClient, NoteCounsellor, NoteOpening
from services.matching.caseload.model import ForgottenClient
from services.matching.pool.model import Seeker


def note_counsellor(seeker: Seeker | None, command: NoteCounsellor, now: Now) -> Decision:
    """Note whose client a seeker is."""
    if seeker is not None and seeker.profile is None:
        return Accepted()
    return Accepted(effects=(command.client,))


def note_opening(command: NoteOpening, now: Now) -> Decision:
    """Note that a record is open for a day."""
    return Accepted(effects=(command.opening,))


def forget(command: ForgetClient, now: Now) -> Decision:
    """Keep nothing of a person who was erased."""
    return Accepted(effects=(ForgottenClient(command.seeker_id),))


DECIDERS: Deciders = {ForgetClient: forget, NoteCounsellor: note_counsellor, NoteOpening: note_opening}
