"""From events about seekers to commands for their referrals."""

from collections.abc import Sequence

from contracts.followups import EmploymentEnded
from contracts.profiles import ProfileRemoved
from contracts.seekers import SeekerErased
from services.matching.referrals.commands import ForgetSeeker, LeavePublicJob


def forget(event: ProfileRemoved | SeekerErased) -> Sequence[ForgetSeeker]:
    """Nothing is kept of a person who was erased."""
    return (ForgetSeeker(event.seeker_id),)


def leave_public_job(event: EmploymentEnded) -> Sequence[LeavePublicJob]:
    """Who found another job while in a public one under SOS-Care needs no private one."""
    if not event.changed_job:
        return ()
    return (LeavePublicJob(event.seeker_id, event.placement_id, event.occurred_on),)
