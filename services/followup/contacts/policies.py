"""From events to commands for the contacts."""

from collections.abc import Callable, Sequence

from contracts.cases import Placed, PlacementCorrected
from contracts.codes import FollowUpStep
from contracts.seekers import SeekerErased
from services.followup.contacts.commands import CancelContacts, EndWithNextJob, ForgetEmployments, PlanContacts


def plan_contacts(steps: Sequence[FollowUpStep]) -> Callable[[Placed], Sequence[PlanContacts]]:
    """Every placement is followed up, in the steps that the settings name."""
    return lambda event: (PlanContacts(event, tuple(steps)),)


def cancel_contacts(event: PlacementCorrected) -> Sequence[CancelContacts]:
    """Nobody is asked about a placement that never was."""
    return (CancelContacts(event.placement_id),)


def end_former(event: Placed) -> Sequence[EndWithNextJob]:
    """A public job under SOS-Care ends by the private one that follows it."""
    if event.former_placement_id is None:
        return ()
    return (EndWithNextJob(event.former_placement_id, event.occurred_on),)


def forget(event: SeekerErased) -> Sequence[ForgetEmployments]:
    """Nobody is asked any more about someone who was erased, and nothing is kept of their jobs."""
    return (ForgetEmployments(event.seeker_id),)
