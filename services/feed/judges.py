"""Judges whether what a command touches is its asker's own: a partner's commands name it by its token, and so touch
nothing of another's; a counsellor's are about those whom they counsel."""

from collections.abc import Sequence
from datetime import date
from operator import attrgetter

from chassis.batch.command_batch import Claim, Judges, Verdict
from chassis.database.db import Connection
from chassis.http.held import judge_of
from services.feed.access import OWN_CLIENTS, OWN_SEEKERS
from services.feed.links.model import Link
from services.feed.owners import closed_to
from services.feed.persons.model import Person


async def _by_own_name(conn: Connection, claims: Sequence[Claim], day: date) -> Sequence[Verdict]:
    return [None for _ in claims]


JUDGES: Judges = {
    OWN_CLIENTS: _by_own_name,
    OWN_SEEKERS: judge_of(closed_to, attrgetter("seeker_id"), Person, Link),
}
