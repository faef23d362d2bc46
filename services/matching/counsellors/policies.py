"""From events about counsellors to commands."""

from collections.abc import Sequence

from contracts.counsellors import CounsellorJoined, CounsellorLeft
from services.matching.counsellors.commands import KnowCounsellor, NoteCounsellorLeft


def know(event: CounsellorJoined) -> Sequence[KnowCounsellor]:
    """A counsellor in service may be in a team that visits firms."""
    return (KnowCounsellor(event.counsellor_id, event.occurred_on),)


def note_left(event: CounsellorLeft) -> Sequence[NoteCounsellorLeft]:
    """Who has left visits nobody."""
    return (NoteCounsellorLeft(event.counsellor_id, event.occurred_on),)
