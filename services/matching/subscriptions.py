"""The events that matching listens to, and which slice handles each."""

from chassis.subscriptions import Subscription
from contracts.firms import (
    EmployerJoined,
    EmployerLeft,
    EmployerReturned,
    HiringPlanFiled,
    HiringPlanWithdrawn,
    ProspectListed,
)
from contracts.followups import EmploymentEnded
from contracts.profiles import ProfileRemoved, SeekerProfile
from contracts.reports import UnplacedOccupationsPublished
from services.matching import employers, pool, referrals, visits

SUBSCRIPTIONS = (
    Subscription(EmployerJoined, employers.policies.know),
    Subscription(EmployerLeft, employers.policies.note_left),
    Subscription(EmployerReturned, employers.policies.note_returned),
    Subscription(ProspectListed, visits.policies.know_prospect),
    Subscription(HiringPlanFiled, visits.policies.keep_plan),
    Subscription(HiringPlanWithdrawn, visits.policies.drop_plan),
    Subscription(EmployerLeft, visits.policies.drop_plans),
    Subscription(UnplacedOccupationsPublished, visits.policies.keep_unplaced),
    Subscription(SeekerProfile, pool.policies.keep_profile),
    Subscription(ProfileRemoved, referrals.policies.forget, overtakes=True),
    Subscription(EmploymentEnded, pool.policies.return_to_pool),
)
