"""The events that followup listens to, and which slice handles each."""

from chassis.subscriptions import Subscription
from contracts.cases import Placed, PlacementCorrected
from contracts.followups import FollowUpDue
from services.followup import contacts
from services.followup.settings import FollowupSettings


def subscriptions(settings: FollowupSettings) -> tuple[Subscription, ...]:
    """Say what followup listens to; what follows depends on the settings."""
    return (
        Subscription(Placed, contacts.policies.plan_contacts(settings.steps), causes=(FollowUpDue,)),
        Subscription(PlacementCorrected, contacts.policies.cancel_contacts),
    )
