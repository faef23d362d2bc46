"""Intake put together; nothing else wires anything."""

from pathlib import Path

import contracts
from chassis.batch.due import Gathered
from chassis.batch.marks import Marks
from chassis.batch.taken_rows import ErasedPerson, EraseRows, TakenRows
from chassis.http import closing
from chassis.http.revocations import Revocation, RevocationStore
from chassis.running.service import Blueprint
from contracts.persons import person_of
from contracts.topics import PROFILES, SOURCES
from services.intake import __doc__ as purpose
from services.intake import (
    assignments,
    counselling,
    counsellors,
    duplicates,
    firms,
    privacy,
    profiles,
    revocations,
    seekers,
    sos_care,
    startup,
    total_care,
)
from services.intake.judges import JUDGES
from services.intake.settings import IntakeSettings
from services.intake.subscriptions import SUBSCRIPTIONS


def blueprint(settings: IntakeSettings) -> Blueprint:
    """Say what makes up intake. The order of `stores` is its one lock order."""
    taken_rows = TakenRows(Marks(settings.marks_key), person_of)
    return Blueprint(
        name="intake",
        purpose=purpose or "",
        migrations=Path(__file__).parent / "migrations",
        decode=contracts.decode,
        sources=SOURCES,
        routers=(
            seekers.api.router,
            privacy.api.router,
            privacy.opening.router,
            duplicates.api.router,
            firms.api.router,
            firms.plans.router,
            counsellors.api.router,
            assignments.api.router,
            counselling.api.router,
            startup.api.router,
            sos_care.api.router,
            total_care.api.router,
            revocations.api.router,
            closing.router,
        ),
        judges=JUDGES,
        stores={
            counsellors.model.Counsellor: counsellors.store.CounsellorStore(),
            counsellors.model.Absences: counsellors.store.AbsencesStore(),
            assignments.model.Desk: assignments.store.DeskStore(),
            firms.model.Employer: firms.store.EmployerStore(),
            firms.model.HiringPlan: firms.store.HiringPlanStore(),
            firms.model.PlanRequests: firms.store.PlanRequestsStore(),
            seekers.model.Seeker: seekers.store.SeekerStore(),
            assignments.model.Assignment: assignments.store.AssignmentStore(),
            seekers.model.MergedRecords: seekers.store.MergedRecordsStore(),
            privacy.model.Consent: privacy.store.ConsentStore(),
            startup.model.StartupClient: startup.store.StartupClientStore(),
            sos_care.model.Grant: sos_care.store.GrantStore(),
            total_care.model.LastAssessment: total_care.store.LastAssessmentStore(),
            total_care.model.Courses: total_care.store.CoursesStore(),
            seekers.model.FormerSeeker: seekers.store.FormerSeekerStore(),
            profiles.model.ToTell: profiles.store.ToTellStore(),
            Revocation: RevocationStore(),
        },
        doers={
            seekers.model.GroupInDoubt: assignments.store.MarkDoubts(),
            privacy.model.Opening: privacy.store.AddOpenings(),
            privacy.model.SurveyInvitation: privacy.store.AddInvitations(),
            counselling.model.Session: counselling.store.AddSessions(),
            startup.model.Launch: startup.store.AddLaunches(),
            sos_care.model.Triage: sos_care.store.AddTriages(),
            seekers.model.SosCareEnding: sos_care.store.EndGrants(),
            total_care.model.Assessment: total_care.store.AddAssessments(),
            duplicates.model.TakenOver: duplicates.store.TakeOver(),
            seekers.model.RecordGone: seekers.store.DeleteRecords(),
            ErasedPerson: EraseRows(taken_rows),
        },
        deciders=(
            seekers.rules.DECIDERS,
            privacy.rules.DECIDERS,
            duplicates.rules.DECIDERS,
            firms.rules.DECIDERS,
            firms.asking.DECIDERS,
            counsellors.rules.DECIDERS,
            assignments.rules.DECIDERS,
            counselling.rules.DECIDERS,
            startup.rules.DECIDERS,
            sos_care.rules.DECIDERS,
            total_care.rules.DECIDERS,
            profiles.rules.DECIDERS,
            revocations.rules.DECIDERS,
        ),
        taken_rows=taken_rows,
        subscriptions=SUBSCRIPTIONS,
        present={PROFILES.name: profiles.store.ask_for_all},
        due={
            "assignments": Gathered(assignments.due.assignments(settings.handover_days), settings.gather_seconds),
            "profiles": profiles.due.profiles,
        },
        former_ids=seekers.queries.former_ids,
        retention={
            "seeker_read": settings.reads_days,
            "record_opening": settings.reads_days,
            "tried_out": settings.reads_days,
            "survey_invitation": settings.survey_days + privacy.rules.DAYS_TOLD_OVER,
        },
        state={
            "survey_days": settings.survey_days,
            "before_telling": privacy.telling.before_telling,
            "registrations": privacy.registering.Registrations(settings.registrations, settings.replicas),
            "quota": privacy.model.Quota(settings.others_seen, settings.others_seen_by_managers),
        },
    )
