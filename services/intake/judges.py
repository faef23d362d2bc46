"""Judges whether what a command touches in intake is its asker's own, where they are held to that."""

from collections.abc import Sequence
from datetime import date
from operator import attrgetter

from chassis.batch.command_batch import HIDDEN, Claim, Judges, Verdict
from chassis.batch.decisions import Refused
from chassis.database.db import Connection
from chassis.http.held import judge_of
from chassis.problems import UNKNOWN_ID
from services.intake.access import OWN_FIRM, OWN_SEEKERS
from services.intake.firms.commands import JoinEmployer
from services.intake.firms.model import Employer, HiringPlan
from services.intake.owners import closed_to
from services.intake.seekers.model import Seeker


async def _firms(conn: Connection, claims: Sequence[Claim], day: date) -> list[Verdict]:
    return [_joining(claim) if isinstance(claim.asked.command, JoinEmployer) else _own_firm(claim) for claim in claims]


def _own_firm(claim: Claim) -> Verdict:
    """A firm's record, and what it filed, is that of the token's firm, or isn't there."""
    own = claim.asked.actor.own
    of = next((state.employer_id for state in claim.states if isinstance(state, Employer | HiringPlan)), own)
    return None if of == own else HIDDEN


def _joining(claim: Claim) -> Verdict:
    """A firm joins by the number that its token names, or again under the id that it names."""
    actor, number = claim.asked.actor, claim.asked.command.form.business_number
    (same,) = claim.states
    if actor.joining == number or (same is not None and same.employer_id == actor.own):
        return None
    return Refused(UNKNOWN_ID, "this is not the business number of the token's firm", "business_number")


JUDGES: Judges = {OWN_FIRM: _firms, OWN_SEEKERS: judge_of(closed_to, attrgetter("seeker_id"), Seeker)}
