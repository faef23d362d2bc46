"""Judges whether what a command touches in followup is its asker's own, where they are held to that."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis.command_batch import Claim, Judges, Verdict
from chassis.db import Connection
from services.followup.access import OWN_SEEKERS
from services.followup.contacts.model import Employment
from services.followup.owners import closed_to
from services.followup.support.model import PublicJob


async def _seekers(conn: Connection, claims: Sequence[Claim], day: date) -> list[Verdict]:
    wanted = [(_seeker_of(claim.states), claim.asked.actor.own) for claim in claims]
    closed = await closed_to(conn, wanted, day)
    return [closed.get(pair) for pair in wanted]


def _seeker_of(states: Sequence[Any]) -> UUID | None:
    return next((state.seeker_id for state in states if isinstance(state, Employment | PublicJob)), None)


JUDGES: Judges = {OWN_SEEKERS: _seekers}
