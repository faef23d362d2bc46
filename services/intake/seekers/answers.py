"""How seekers are shown, and how those are answered for who are here no more."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from chassis.calls import problem_of
from chassis.problem_responses import Problem
from chassis.problems import UNKNOWN_ID
from contracts.codes import District, Occupation
from services.intake.seekers.model import FormerSeeker
from services.intake.seekers.rules import refuse_former


class SeekerLine(BaseModel):
    """A seeker in a list."""

    seeker_id: UUID
    name: str
    birth_date: date
    phone: str
    district: District
    wanted_occupations: tuple[Occupation, ...]
    status: Literal["active", "withdrawn"]
    registered_on: date


def refuse_missing(seeker_id: UUID, former: FormerSeeker | None) -> Problem:
    """Say what became of a record that isn't there."""
    if former is not None:
        return problem_of(refuse_former(former))
    return Problem(UNKNOWN_ID, f"seeker_id {seeker_id} is not known here", "seeker_id")
