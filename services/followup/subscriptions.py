"""The events that followup listens to, and which slice handles each."""

from chassis.subscriptions import Subscription
from contracts.cases import Placed, PlacementCorrected, ReferralMade
from contracts.counselling import SessionHeld
from contracts.followups import FollowUpDue, FollowUpMade
from contracts.seekers import SeekerErased
from services.followup import contacts, surveys
from services.followup.settings import FollowupSettings


def subscriptions(settings: FollowupSettings) -> tuple[Subscription, ...]:
    """Say what followup listens to; what follows depends on the settings."""
    return (
        Subscription(Placed, contacts.policies.plan_contacts(settings.steps), causes=(FollowUpDue,)),
        Subscription(PlacementCorrected, contacts.policies.cancel_contacts),
        Subscription(SessionHeld, surveys.policies.note_client),
        Subscription(ReferralMade, surveys.policies.note_seeker),
        Subscription(Placed, surveys.policies.note_seeker),
        Subscription(FollowUpMade, surveys.policies.note_reached),
        Subscription(SeekerErased, surveys.policies.forget),
    )
