"""Values that the tests of the rules start from."""

from contracts.cases import Placed
from services.followup.contacts.model import StayingRecord


def unmerged(placement: Placed) -> StayingRecord:
    """That the record which a placement names is still the person's."""
    return StayingRecord(placement.seeker_id, placement.seeker_id)
