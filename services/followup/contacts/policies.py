"""From events to commands for the contacts."""

from collections.abc import Callable, Sequence

from contracts.cases import Placed, PlacementCorrected
from contracts.codes import FollowUpStep
from services.followup.contacts.commands import CancelEmployment, PlanContacts


def when_placed(steps: Sequence[FollowUpStep]) -> Callable[[Placed], list[PlanContacts]]:
    """Plan the steps that the settings name."""
    return lambda event: [PlanContacts(event, tuple(steps))]


def when_placement_is_corrected(event: PlacementCorrected) -> list[CancelEmployment]:
    return [CancelEmployment(event.placement_id, event.occurred_on)]
