"""The events that followup listens to, and which slice handles each."""

from chassis.subscriptions import Subscription
from contracts.cases import Placed, PlacementCorrected
from services.followup.contacts import policies as contacts
from services.followup.settings import FollowupSettings


def subscriptions(settings: FollowupSettings) -> tuple[Subscription, ...]:
    return (
        Subscription(Placed, contacts.when_placed(settings.steps)),
        Subscription(PlacementCorrected, contacts.when_placement_is_corrected),
    )
