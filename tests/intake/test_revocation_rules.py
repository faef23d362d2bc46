"""Whose tokens are taken no more, and whose again, without a database."""

from datetime import UTC, date, datetime

from chassis.batch.decisions import Accepted, Actor, Decision, Now, Refused
from chassis.http.revocations import Revocation
from contracts.revocations import RevocationLifted, SubjectRevoked
from services.intake.lifting import OPERATOR_HERE
from services.intake.revocations import rules
from services.intake.revocations.commands import LiftingForm, LiftRevocation, RevocationForm, RevokeSubject

AT = datetime(2010, 9, 1, 18, 2, tzinfo=UTC)
MANAGER = Actor("manager", "m-2")
REVOKED = Revocation("c-17", "stolen", AT, MANAGER)


def now(actor: Actor = MANAGER) -> Now:
    return Now(AT, date(2010, 9, 2), actor)


def revoke(subject: str, known: Revocation | None = None) -> Decision:
    return rules.revoke(known, RevokeSubject(RevocationForm(subject=subject, reason="stolen")), now())


def lift(subject: str, known: Revocation | None = None, actor: Actor = MANAGER) -> Decision:
    return rules.lift(known, LiftRevocation(LiftingForm(subject=subject)), now(actor))


def test_a_manager_revokes_a_subject_and_everybody_hears_of_it() -> None:
    decision = revoke("c-17")
    assert isinstance(decision, Accepted)
    (event,) = decision.events
    assert isinstance(event, SubjectRevoked)
    assert (event.key, event.subject, event.reason, event.actor.id) == ("c-17", "c-17", "stolen", "m-2")
    assert decision.states == (REVOKED,)


def test_a_subject_that_is_revoked_is_not_revoked_again_and_one_that_is_taken_again_is() -> None:
    refused = revoke("c-17", REVOKED)
    assert isinstance(refused, Refused)
    assert (refused.problem, refused.field) == (rules.ALREADY_REVOKED, "subject")
    (lifted,) = _accepted(lift("c-17", REVOKED)).states
    assert lifted.lifted
    assert _accepted(revoke("c-17", lifted)).states == (REVOKED,)


def test_what_is_lifted_is_announced_with_who_did_it() -> None:
    (event,) = _accepted(lift("m-2", Revocation("m-2", "other", AT, MANAGER), OPERATOR_HERE)).events
    assert isinstance(event, RevocationLifted)
    assert (event.subject, event.actor.role, event.actor.id) == ("m-2", "operator", "command-line")


def test_who_is_not_revoked_has_nothing_to_be_lifted() -> None:
    for known in (None, Revocation("c-17", "stolen", AT, MANAGER, lifted=True)):
        refused = lift("c-17", known)
        assert isinstance(refused, Refused)
        assert (refused.problem, refused.field) == (rules.NOT_REVOKED, "subject")


def test_nobody_revokes_themselves_or_lifts_their_own_revocation() -> None:
    for refused in (revoke("m-2"), lift("m-2", Revocation("m-2", "stolen", AT, Actor("manager", "m-1")))):
        assert isinstance(refused, Refused)
        assert (refused.problem, refused.field) == (rules.OWN_SUBJECT, "subject")


def _accepted(decision: Decision) -> Accepted:
    assert isinstance(decision, Accepted)
    return decision
