"""Followup put together; nothing else wires anything."""

from pathlib import Path

import contracts
from chassis.batch.marks import Marks
from chassis.batch.taken_rows import ErasedPerson, EraseRows, TakenRows
from chassis.http import closing, revocations
from chassis.running.service import Blueprint
from contracts.persons import person_of
from contracts.topics import SOURCES
from services.followup import __doc__ as purpose
from services.followup import caseload, contacts, support, surveys, work_list
from services.followup.judges import JUDGES
from services.followup.owners import OPENINGS_DAYS
from services.followup.settings import FollowupSettings
from services.followup.subscriptions import subscriptions


def blueprint(settings: FollowupSettings) -> Blueprint:
    """Say what makes up followup. The order of `stores` is its one lock order.

    An employment's lock is its contacts', too. Whoever merges, draws or erases takes one lock, of all draws.
    """
    taken_rows = TakenRows(Marks(settings.marks_key), person_of)
    return Blueprint(
        name="followup",
        purpose=purpose or "",
        migrations=Path(__file__).parent / "migrations",
        decode=contracts.decode,
        sources=SOURCES,
        routers=(
            contacts.api.router,
            surveys.api.router,
            support.api.router,
            work_list.api.router,
            closing.router,
        ),
        judges=JUDGES,
        stores={
            contacts.model.Employment: contacts.store.EmploymentStore(),
            contacts.model.EmploymentsOf: contacts.store.EmploymentsOfStore(),
            contacts.model.StayingRecord: contacts.store.StayingRecordStore(),
            surveys.model.ServedPerson: surveys.store.ServedPersonStore(),
            surveys.model.SurveyConsent: surveys.store.SurveyConsentStore(),
            caseload.model.Internship: caseload.store.InternshipStore(),
            surveys.model.MergedPerson: surveys.store.MergedPersonStore(),
            surveys.model.AskedPersons: surveys.store.AskedPersonsStore(),
            surveys.model.Urn: surveys.store.UrnStore(),
            surveys.model.Survey: surveys.store.SurveyStore(),
            surveys.model.Invitation: surveys.store.InvitationStore(),
            surveys.model.InvitationsOf: surveys.store.InvitationsOfStore(),
            support.model.PublicJob: support.store.PublicJobStore(),
            revocations.Revocation: revocations.RevocationStore(),
        },
        doers={
            contacts.model.Try: contacts.store.AddTries(),
            caseload.model.WaitingReferral: caseload.store.AddWaiting(),
            caseload.model.AnsweredReferral: caseload.store.EndWaiting(),
            caseload.model.Client: caseload.store.NoteClients(),
            caseload.model.Opening: caseload.store.AddOpenings(),
            caseload.model.FormerCounsellor: caseload.store.NoteDepartures(),
            contacts.model.ForgottenEmployments: contacts.store.DeleteEmployments(),
            surveys.model.ForgottenTraces: surveys.store.DeleteTraces(),
            caseload.model.ForgottenClient: caseload.store.DeleteClients(),
            ErasedPerson: EraseRows(taken_rows),
        },
        deciders=(
            contacts.rules.DECIDERS,
            surveys.rules.DECIDERS,
            support.rules.DECIDERS,
            caseload.rules.DECIDERS,
            revocations.DECIDERS,
        ),
        taken_rows=taken_rows,
        subscriptions=subscriptions(settings),
        retention={"record_opening": OPENINGS_DAYS},
        due={"contacts": contacts.due.contacts, "supports": support.due.supports},
        state={"work_list_limits": work_list.model.Limits(settings.silent_days, settings.answer_days)},
    )
