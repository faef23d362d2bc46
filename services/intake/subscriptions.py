"""The events that intake listens to, and which slice handles each."""

from chassis.stream.subscriptions import Subscription
from contracts.cases import Placed
from contracts.profiles import SeekerProfile
from contracts.seekers import SosCareEnded
from contracts.surveys import SurveyDrawn
from services.intake import privacy, sos_care

SUBSCRIPTIONS: tuple[Subscription, ...] = (
    Subscription(Placed, sos_care.policies.end_with_private_job, causes=(SosCareEnded, SeekerProfile)),
    Subscription(SurveyDrawn, privacy.policies.note_invitations),
)
