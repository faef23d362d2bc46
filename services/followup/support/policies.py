"""From events to commands for the supports."""

from collections.abc import Sequence

from contracts.cases import Placed, PlacementCorrected
from contracts.codes import is_public_job
from contracts.followups import EmploymentEnded
from contracts.seekers import SeekerErased, SeekersMerged, SosCareEnded
from services.followup.support.commands import EndSupport, EndSupportWithCare, FollowJob, ForgetSupported


def follow_job(event: Placed) -> Sequence[FollowJob]:
    """Who is placed in a public job under SOS-Care is supported each month; nobody else is looked at."""
    if event.person.programme != "sos_care" or not is_public_job(event.sector, event.employment):
        return ()
    return (FollowJob(event),)


def end_with_job(event: EmploymentEnded) -> Sequence[EndSupport]:
    """Nothing falls due after the job; the person of the event is as of the placement."""
    return (EndSupport(event.seeker_id, event.placement_id),) if event.person.programme == "sos_care" else ()


def end_with_correction(event: PlacementCorrected) -> Sequence[EndSupport]:
    """Nobody is supported in a job that never was."""
    return (EndSupport(event.seeker_id, event.placement_id),)


def end_with_care(event: SosCareEnded) -> Sequence[EndSupportWithCare]:
    """Support is part of SOS-Care, and ends with it."""
    return (EndSupportWithCare(event.seeker_id, event.recorded_at),)


def end_with_merge(event: SeekersMerged) -> Sequence[EndSupportWithCare]:
    """A record that is given up holds no care that runs, whatever has been heard of its end."""
    return (EndSupportWithCare(event.merged_id, event.recorded_at),)


def forget(event: SeekerErased) -> Sequence[ForgetSupported]:
    """Nothing is kept of a person who was erased."""
    return (ForgetSupported(event.seeker_id),)
