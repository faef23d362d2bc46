"""Matching put together; nothing else wires anything."""

from datetime import timedelta
from pathlib import Path

import contracts
from chassis.batch.marks import Marks
from chassis.batch.taken_rows import ErasedPerson, EraseRows, TakenRows
from chassis.http import closing, revocations
from chassis.running.service import Blueprint
from contracts.persons import person_of
from contracts.topics import PROFILES, SOURCES
from services.matching import __doc__ as purpose
from services.matching import (
    caseload,
    corrections,
    counsellors,
    employers,
    internships,
    merging,
    placements,
    pool,
    ranking,
    referrals,
    vacancies,
    visits,
)
from services.matching.judges import JUDGES
from services.matching.owners import OPENINGS_DAYS
from services.matching.settings import MatchingSettings
from services.matching.subscriptions import SUBSCRIPTIONS


def blueprint(settings: MatchingSettings) -> Blueprint:
    """Say what makes up matching. The order of `stores` is its one lock order."""
    taken_rows = TakenRows(Marks(settings.marks_key), person_of)
    return Blueprint(
        name="matching",
        purpose=purpose or "",
        migrations=Path(__file__).parent / "migrations",
        decode=contracts.decode,
        sources=SOURCES,
        routers=(
            vacancies.api.router,
            referrals.api.router,
            internships.api.router,
            placements.api.router,
            corrections.api.router,
            ranking.api.router,
            visits.api.router,
            closing.router,
        ),
        judges=JUDGES,
        stores={
            employers.model.Employer: employers.store.EmployerStore(),
            counsellors.model.Staff: counsellors.store.StaffStore(),
            visits.model.UnplacedOfYear: visits.store.UnplacedOfYearStore(),
            visits.model.PlanningFirm: visits.store.PlanningFirmStore(),
            visits.model.Visit: visits.store.VisitStore(),
            vacancies.model.Vacancy: vacancies.store.VacancyStore(),
            pool.model.Seeker: pool.store.SeekerStore(),
            referrals.model.Case: referrals.store.CaseStore(),
            internships.model.Internship: internships.store.InternshipStore(),
            placements.model.Placement: placements.store.PlacementStore(),
            revocations.Revocation: revocations.RevocationStore(),
        },
        doers={
            caseload.model.Opening: caseload.store.AddOpenings(),
            caseload.model.Client: caseload.store.NoteClients(),
            merging.model.TakenOver: merging.store.TakeOver(),
            caseload.model.ForgottenClient: caseload.store.DeleteClients(),
            ErasedPerson: EraseRows(taken_rows),
        },
        deciders=(
            employers.rules.DECIDERS,
            caseload.rules.DECIDERS,
            counsellors.rules.DECIDERS,
            visits.rules.DECIDERS,
            vacancies.rules.DECIDERS,
            pool.rules.DECIDERS,
            referrals.rules.DECIDERS,
            referrals.record.DECIDERS,
            referrals.ends.DECIDERS,
            referrals.closings.DECIDERS,
            internships.rules.DECIDERS,
            internships.record.DECIDERS,
            placements.rules.DECIDERS,
            corrections.rules.DECIDERS,
            merging.rules.DECIDERS,
            revocations.DECIDERS,
        ),
        taken_rows=taken_rows,
        subscriptions=SUBSCRIPTIONS,
        compacted={PROFILES.name: timedelta(days=PROFILES.tombstone_days)},
        retention={"record_opening": OPENINGS_DAYS},
        due={
            "expired vacancies": vacancies.due.expired,
            "vacancies of those who left": vacancies.due.of_those_who_left,
            "visits": visits.due.to_look_at,
            "referrals to closed vacancies": referrals.due.to_closed,
            "referrals left by a closing": referrals.due.left_by_closing(settings.placeable_days),
            "unanswered referrals": referrals.due.unanswered(settings.referral_days),
            "referrals to chase": referrals.due.to_chase(settings.chase_steps, settings.referral_days),
        },
    )
