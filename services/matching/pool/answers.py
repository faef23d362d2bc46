"""How those are answered for whom no seeker is known."""

from uuid import UUID

from chassis.batch.decisions import Unknown
from chassis.batch.unknown_ids import unknown_ids
from chassis.database.db import Connection
from chassis.http.calls import problem_of
from contracts.topics import PROFILES
from services.matching.pool import queries
from services.matching.pool.model import Profile, Seeker
from services.matching.pool.rules import refuse_gone


async def known(conn: Connection, seeker_id: UUID) -> tuple[Seeker, Profile]:
    """Read a seeker and their profile; raises Problem for who was merged or erased, or is not known (yet)."""
    seeker = await queries.seeker(conn, seeker_id)
    if seeker is None:
        (outcome,) = await unknown_ids(conn, [Unknown("seeker_id", seeker_id, PROFILES.name)])
        raise problem_of(outcome)
    if seeker.profile is None:
        raise problem_of(refuse_gone(seeker))
    return seeker, seeker.profile
