"""Judges whether what a command touches in matching is its asker's own, where they are held to that."""

from collections.abc import Sequence
from datetime import date
from operator import attrgetter

from chassis.batch.command_batch import HIDDEN, Claim, Judges, Verdict
from chassis.batch.decisions import Refused
from chassis.database.db import Connection
from chassis.http.held import judge_of
from chassis.problems import UNKNOWN_ID
from services.matching.access import OWN_FIRM, OWN_SEEKERS
from services.matching.owners import closed_to
from services.matching.pool.model import Seeker
from services.matching.vacancies.commands import OpenFoundVacancy, OpenVacancy
from services.matching.vacancies.model import Vacancy


async def _firms(conn: Connection, claims: Sequence[Claim], day: date) -> list[Verdict]:
    return [_own_firm(claim) for claim in claims]


def _own_firm(claim: Claim) -> Verdict:
    """A vacancy is the token's firm's, or isn't there; whoever opens one names that firm, and no other is known."""
    own, command = claim.asked.actor.own, claim.asked.command
    if isinstance(command, OpenVacancy | OpenFoundVacancy):
        named = command.form.employer_id
        return None if named == own else Refused(UNKNOWN_ID, f"employer_id {named} is not known here", "employer_id")
    of = next((state.employer_id for state in claim.states if isinstance(state, Vacancy)), own)
    return None if of == own else HIDDEN


JUDGES: Judges = {OWN_FIRM: _firms, OWN_SEEKERS: judge_of(closed_to, attrgetter("seeker_id"), Seeker)}
