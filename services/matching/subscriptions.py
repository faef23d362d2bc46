"""The events that matching listens to, and which slice handles each."""

from chassis.http import revocations
from chassis.stream.subscriptions import Subscription
from contracts.cases import ReferralEnded
from contracts.counselling import CounsellorAssigned, RecordOpened
from contracts.counsellors import CounsellorJoined, CounsellorLeft
from contracts.firms import (
    EmployerChanged,
    EmployerJoined,
    EmployerLeft,
    EmployerReturned,
    HiringPlanFiled,
    HiringPlanWithdrawn,
    ProspectListed,
)
from contracts.followups import EmploymentEnded
from contracts.profiles import ProfileMerged, ProfileRemoved, SeekerProfile
from contracts.reports import UnplacedOccupationsPublished
from contracts.revocations import RevocationLifted, SubjectRevoked
from contracts.seekers import SeekerErased
from services.matching import caseload, counsellors, employers, merging, pool, referrals, visits

SUBSCRIPTIONS = (
    Subscription(EmployerJoined, employers.policies.know),
    Subscription(EmployerLeft, employers.policies.note_left),
    Subscription(EmployerReturned, employers.policies.note_returned),
    Subscription(ProspectListed, visits.policies.know_prospect),
    Subscription(HiringPlanFiled, visits.policies.keep_plan),
    Subscription(HiringPlanWithdrawn, visits.policies.drop_plan),
    Subscription(EmployerJoined, visits.policies.note_firm),
    Subscription(EmployerChanged, visits.policies.note_firm),
    Subscription(EmployerLeft, visits.policies.hide_plans),
    Subscription(EmployerReturned, visits.policies.note_firm),
    Subscription(CounsellorJoined, counsellors.policies.know),
    Subscription(CounsellorLeft, counsellors.policies.note_left),
    Subscription(CounsellorAssigned, caseload.policies.note_counsellor),
    Subscription(RecordOpened, caseload.policies.note_opening),
    Subscription(UnplacedOccupationsPublished, visits.policies.keep_unplaced),
    Subscription(SeekerProfile, pool.policies.keep_profile),
    Subscription(ProfileMerged, merging.policies.merge, causes=(ReferralEnded,)),
    Subscription(ProfileRemoved, referrals.policies.forget, overtakes=True),
    Subscription(ProfileRemoved, caseload.policies.forget, overtakes=True),
    # the tombstone may be gone when it would be read, and this one stays; whichever comes first
    Subscription(SeekerErased, referrals.policies.forget, overtakes=True),
    Subscription(SeekerErased, caseload.policies.forget, overtakes=True),
    Subscription(EmploymentEnded, pool.policies.return_to_pool),
    Subscription(EmploymentEnded, referrals.policies.leave_public_job, causes=(ReferralEnded,)),
    *revocations.subscriptions(SubjectRevoked, RevocationLifted),
)
