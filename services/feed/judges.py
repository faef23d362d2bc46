"""Judges whether what a command touches is its asker's own: a partner's commands name it by its token, and so touch
nothing of another's."""

from collections.abc import Sequence
from datetime import date

from chassis.batch.command_batch import Claim, Judges, Verdict
from chassis.database.db import Connection
from services.feed.access import OWN_CLIENTS


async def _by_own_name(conn: Connection, claims: Sequence[Claim], day: date) -> Sequence[Verdict]:
    return [None for _ in claims]


JUDGES: Judges = {OWN_CLIENTS: _by_own_name}
