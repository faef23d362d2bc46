"""The events that matching listens to, and which slice handles each."""

from chassis.subscriptions import Subscription
from contracts.firms import EmployerJoined
from contracts.followups import EmploymentEnded
from contracts.profiles import ProfileRemoved, SeekerProfile
from services.matching import employers, pool

SUBSCRIPTIONS = (
    Subscription(EmployerJoined, employers.policies.know),
    Subscription(SeekerProfile, pool.policies.keep_profile),
    Subscription(ProfileRemoved, pool.policies.forget),
    Subscription(EmploymentEnded, pool.policies.return_to_pool),
)
