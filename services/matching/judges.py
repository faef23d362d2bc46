"""Judges whether what a command touches in matching is its asker's own, where they are held to that."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis.command_batch import HIDDEN, Claim, Judges, Verdict
from chassis.db import Connection
from services.matching.access import OWN_FIRM, OWN_SEEKERS
from services.matching.employers.model import Employer
from services.matching.owners import closed_to
from services.matching.pool.model import Seeker
from services.matching.vacancies.model import Vacancy


async def _seekers(conn: Connection, claims: Sequence[Claim], day: date) -> list[Verdict]:
    wanted = [(_seeker_of(claim.states), claim.asked.actor.own) for claim in claims]
    closed = await closed_to(conn, wanted, day)
    return [closed.get(pair) for pair in wanted]


def _seeker_of(states: Sequence[Any]) -> UUID | None:
    return next((state.seeker_id for state in states if isinstance(state, Seeker)), None)


async def _firms(conn: Connection, claims: Sequence[Claim], day: date) -> list[Verdict]:
    return [_own_firm(claim) for claim in claims]


def _own_firm(claim: Claim) -> Verdict:
    own = claim.asked.actor.own
    of = next((state.employer_id for state in claim.states if isinstance(state, Employer | Vacancy)), own)
    return None if of == own else HIDDEN


JUDGES: Judges = {OWN_FIRM: _firms, OWN_SEEKERS: _seekers}
