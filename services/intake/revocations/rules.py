"""What is decided about revocations."""

from dataclasses import replace

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused
from chassis.http.revocations import Revocation
from chassis.problems import ProblemType
from contracts.revocations import RevocationLifted, SubjectRevoked
from services.intake.revocations.commands import LiftRevocation, RevokeSubject

OWN_SUBJECT = ProblemType("own-subject", 409, "Nobody revokes themselves, or lifts their own revocation")
ALREADY_REVOKED = ProblemType("already-revoked", 409, "The tokens of this subject are taken no more already")
NOT_REVOKED = ProblemType("not-revoked", 409, "The tokens of this subject are taken")


def revoke(known: Revocation | None, command: RevokeSubject, now: Now) -> Decision:
    """Take a subject's tokens no more; a manager can't shut themselves out."""
    form = command.form
    if form.subject == now.actor.id:
        return Refused(OWN_SUBJECT, "this is the subject of your own token", "subject")
    if known is not None and not known.lifted:
        return Refused(ALREADY_REVOKED, f"revoked since {known.revoked_at.isoformat()}", "subject")
    event = SubjectRevoked(**now.stamp("revoke"), subject=form.subject, reason=form.reason)
    return Accepted((Revocation(form.subject, form.reason, now.at, now.actor),), (event,), {"subject": form.subject})


def lift(known: Revocation | None, command: LiftRevocation, now: Now) -> Decision:
    """Take a subject's tokens again; nobody does it for themselves, in the seconds until a revocation holds."""
    subject = command.form.subject
    if subject == now.actor.id:
        return Refused(OWN_SUBJECT, "this is the subject of your own token", "subject")
    if known is None or known.lifted:
        return Refused(NOT_REVOKED, "there is no revocation of this subject", "subject")
    event = RevocationLifted(**now.stamp("lift"), subject=subject)
    return Accepted((replace(known, lifted=True),), (event,), {"subject": subject})


DECIDERS: Deciders = {RevokeSubject: revoke, LiftRevocation: lift}
