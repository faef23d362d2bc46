"""When a session may be recorded."""

from datetime import date

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown, impossible_day
from chassis.problems import ProblemType
from contracts import refusals
from contracts.counselling import SessionHeld
from contracts.ids import CounsellorId, SessionId
from services.intake.counselling.commands import (
    HoldJobSession,
    HoldStartupSession,
    HoldUnregisteredSession,
    SessionForm,
)
from services.intake.counselling.model import Session
from services.intake.counsellors.model import Counsellor
from services.intake.counsellors.rules import NOT_IN_SERVICE
from services.intake.seekers.model import FormerSeeker, GroupInDoubt, Seeker
from services.intake.seekers.rules import before_registration, refuse_former
from services.intake.startup.model import StartupClient

NOT_ONESELF = ProblemType(*refusals.NOT_ONESELF)
NEEDS_REGISTRATION = ProblemType("needs-registration", 422, "A job session is held with a registered seeker")


def hold_job_session(
    counsellor: Counsellor | None, seeker: Seeker | None, command: HoldJobSession, now: Now
) -> Decision:
    """Record a session about finding a job."""
    if not command.form.registered:
        return Refused(NEEDS_REGISTRATION, "only a start-up client may be unregistered", "registered")
    return _hold(counsellor, seeker, command.session_id, command.form, now)


def hold_startup_session(
    counsellor: Counsellor | None,
    seeker: Seeker | None,
    client: StartupClient | None,
    command: HoldStartupSession | HoldUnregisteredSession,
    now: Now,
) -> Decision:
    """Record a session about starting a business, and when the client had the first of them. The first makes a seeker a
    client of another group."""
    day = command.form.occurred_on or now.day
    first = min(day, client.first_session_on) if client else day
    states = (StartupClient(command.form.client_id, first),)
    in_doubt = (GroupInDoubt(seeker.seeker_id),) if seeker is not None and client is None else ()
    return _hold(counsellor, seeker, command.session_id, command.form, now, states, in_doubt)


def hold_unregistered_session(
    counsellor: Counsellor | None,
    seeker: Seeker | None,
    former: FormerSeeker | None,
    client: StartupClient | None,
    command: HoldUnregisteredSession,
    now: Now,
) -> Decision:
    """Record a start-up session with whoever has no record here, and had none that is gone."""
    if former is not None:
        return refuse_former(former, "client_id")
    return hold_startup_session(counsellor, seeker, client, command, now)


def _hold(
    counsellor: Counsellor | None,
    seeker: Seeker | None,
    session_id: SessionId,
    form: SessionForm,
    now: Now,
    states: tuple[StartupClient, ...] = (),
    in_doubt: tuple[GroupInDoubt, ...] = (),
) -> Decision:
    day = form.occurred_on or now.day
    if now.actor.role == "counsellor" and now.actor.own != form.counsellor_id:
        return Refused(NOT_ONESELF, "the token's counsellor is another, or none", "counsellor_id")
    if counsellor is None:
        return Unknown("counsellor_id", form.counsellor_id)
    if form.registered and seeker is None:
        return Unknown("client_id", form.client_id)
    if refused := impossible_day(now, "occurred_on", day) or _out_of_service(counsellor, day):
        return refused
    if seeker is not None and (refused := before_registration(seeker, day)):
        return refused
    session = Session(
        session_id, form.client_id, CounsellorId(form.counsellor_id), form.kind, form.channel, form.minutes, day
    )
    event = SessionHeld(
        **now.stamp("hold_session", day),
        session_id=session_id,
        client_id=form.client_id,
        registered=seeker is not None,
        counsellor_id=session.counsellor_id,
        kind=form.kind,
        channel=form.channel,
        minutes=form.minutes,
        person=seeker.bands(day) if seeker else None,
    )
    return Accepted(states, (event,), {"session_id": session_id}, (session, *in_doubt))


def _out_of_service(counsellor: Counsellor, day: date) -> Refused | None:
    if counsellor.in_service(day):
        return None
    return Refused(NOT_IN_SERVICE, f"not in service on {day}", "counsellor_id")


DECIDERS: Deciders = {
    HoldJobSession: hold_job_session,
    HoldStartupSession: hold_startup_session,
    HoldUnregisteredSession: hold_unregistered_session,
}
