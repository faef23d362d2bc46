"""How seekers are shown, and how those are answered for who are here no more."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, Literal, Self, TypeVar
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.database.db import Connection
from chassis.http.calls import problem_of
from chassis.http.problem_responses import Problem
from chassis.problems import UNKNOWN_ID
from contracts.codes import District, Occupation
from services.intake.privacy.looking import looking
from services.intake.privacy.model import Look
from services.intake.seekers import queries
from services.intake.seekers.model import FormerSeeker, Seeker
from services.intake.seekers.phones import without_middle
from services.intake.seekers.rules import refuse_former

_Found = TypeVar("_Found")


class SeekerLine(BaseModel):
    """A seeker in a list, with so much that whoever has them before them knows them again: the year of birth, and a
    phone without its middle."""

    seeker_id: UUID
    name: str
    birth_year: int
    phone: str
    district: District
    wanted_occupations: tuple[Occupation, ...]
    status: Literal["active", "withdrawn"]
    registered_on: date

    @classmethod
    def of(cls, seeker: Seeker, **more: Any) -> Self:
        """Show a seeker."""
        return cls(
            seeker_id=seeker.seeker_id,
            name=seeker.name,
            birth_year=seeker.birth_date.year,
            phone=without_middle(seeker.phone),
            district=seeker.district,
            wanted_occupations=seeker.wanted_occupations,
            status=seeker.status,
            registered_on=seeker.registered_on,
            **more,
        )


def refuse_missing(seeker_id: UUID, former: FormerSeeker | None, field: str = "seeker_id") -> Problem:
    """Say what became of a record that isn't there, which was named in `field`."""
    if former is not None:
        return problem_of(refuse_former(former, field))
    return Problem(UNKNOWN_ID, f"{field} {seeker_id} is not known here", field)


async def look_at(
    request: Request,
    reader: Actor,
    what: Look,
    query: Callable[[Connection, UUID], Awaitable[_Found | None]],
    seeker_id: UUID,
    field: str = "seeker_id",
) -> _Found:
    """Read something of one person, who was named in `field`, with the look on record (raises Problem where there is no
    such person)."""
    async with looking(request, reader, what) as look:
        found = await query(look.conn, seeker_id)
        if found is None:
            raise refuse_missing(seeker_id, await queries.former(look.conn, seeker_id), field)
        look.saw([seeker_id])
    return found
