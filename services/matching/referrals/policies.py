"""From events about seekers to commands for their referrals."""

from collections.abc import Sequence

from contracts.profiles import ProfileRemoved
from services.matching.referrals.commands import ForgetSeeker


def forget(event: ProfileRemoved) -> Sequence[ForgetSeeker]:
    """Nothing is kept of a person who was erased."""
    return (ForgetSeeker(event.seeker_id),)
