"""The events that followup listens to, and which slice handles each."""

from chassis.http import revocations
from chassis.stream.subscriptions import Subscription
from contracts.cases import (
    InternshipBrokenOff,
    InternshipCompleted,
    InternshipConverted,
    InternshipStarted,
    Placed,
    PlacementCorrected,
    ReferralAnswered,
    ReferralEnded,
    ReferralMade,
)
from contracts.counselling import CounsellorAssigned, RecordOpened, SessionHeld
from contracts.counsellors import CounsellorLeft
from contracts.followups import EmploymentEnded, FollowUpDue, FollowUpMade, SupportDue
from contracts.revocations import RevocationLifted, SubjectRevoked
from contracts.seekers import (
    ConsentRecorded,
    SeekerErased,
    SeekerReturned,
    SeekersMerged,
    SeekerWithdrawn,
    SosCareEnded,
)
from services.followup import caseload, contacts, support, surveys
from services.followup.settings import FollowupSettings


def subscriptions(settings: FollowupSettings) -> tuple[Subscription, ...]:
    """Say what followup listens to; what follows depends on the settings."""
    return (
        Subscription(Placed, contacts.policies.plan_contacts(settings.steps), causes=(FollowUpDue,)),
        Subscription(Placed, contacts.policies.end_former, causes=(FollowUpDue, EmploymentEnded)),
        Subscription(PlacementCorrected, contacts.policies.cancel_contacts),
        Subscription(SessionHeld, surveys.policies.note_client),
        Subscription(ReferralMade, surveys.policies.note_seeker),
        Subscription(Placed, surveys.policies.note_seeker),
        Subscription(FollowUpMade, surveys.policies.note_reached),
        Subscription(SeekersMerged, surveys.policies.note_merged),
        Subscription(ConsentRecorded, surveys.policies.note_consent),
        Subscription(SeekerErased, contacts.policies.forget, overtakes=True),
        Subscription(SeekerErased, surveys.policies.forget, overtakes=True),
        Subscription(Placed, support.policies.follow_job, causes=(SupportDue,)),
        Subscription(EmploymentEnded, support.policies.end_with_job),
        Subscription(PlacementCorrected, support.policies.end_with_correction),
        Subscription(SosCareEnded, support.policies.end_with_care),
        Subscription(SeekersMerged, support.policies.end_with_merge),
        Subscription(SeekerErased, support.policies.forget, overtakes=True),
        Subscription(CounsellorAssigned, caseload.policies.note_counsellor),
        Subscription(RecordOpened, caseload.policies.note_opening),
        Subscription(SeekerWithdrawn, caseload.policies.note_withdrawal),
        Subscription(SeekerReturned, caseload.policies.note_return),
        Subscription(ReferralMade, caseload.policies.await_answer),
        Subscription(ReferralAnswered, caseload.policies.note_answer),
        Subscription(ReferralEnded, caseload.policies.note_end),
        Subscription(InternshipStarted, caseload.policies.note_internship),
        Subscription(InternshipBrokenOff, caseload.policies.note_internship_end),
        Subscription(InternshipCompleted, caseload.policies.note_internship_end),
        Subscription(InternshipConverted, caseload.policies.note_internship_end),
        Subscription(CounsellorLeft, caseload.policies.note_departure),
        Subscription(SeekerErased, caseload.policies.forget, overtakes=True),
        *revocations.subscriptions(SubjectRevoked, RevocationLifted),
    )
