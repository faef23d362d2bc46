"""Assignments over HTTP. Seekers are named by their ids alone."""

from datetime import date
from statistics import median
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.batch.clock import Clock
from chassis.batch.decisions import Actor
from chassis.batch.owners import EVERYBODY
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.calls import Call, asks, held, read_one, reads
from chassis.http.cursors import Limit
from chassis.http.problem_responses import Problem
from chassis.problems import ProblemType
from contracts import refusals
from contracts.codes import ClientGroup
from contracts.ids import SeekerId
from contracts.owners import MANAGER, STAFF
from contracts.profile import Bands
from services.intake.access import OWN_DESK
from services.intake.assignments import queries
from services.intake.assignments.commands import AssignmentForm, AssignTo

NOT_ONESELF = ProblemType(*refusals.NOT_ONESELF)

router = APIRouter(tags=["assignments"])


class AssignedAnswer(BaseModel):
    """The counsellor that a seeker has, and the group by which."""

    seeker_id: UUID
    counsellor_id: UUID
    group: ClientGroup


class AssignmentView(BaseModel):
    """A seeker's counsellor, since when, and the group by which; all null while they have none."""

    seeker_id: UUID
    counsellor_id: UUID | None
    group: ClientGroup | None
    since: date | None


class AssignedSeekerView(BaseModel):
    """A seeker of a counsellor, as bands."""

    seeker_id: UUID
    group: ClientGroup | None
    since: date | None
    person: Bands


class AssignedPage(BaseModel):
    """A counsellor's seekers; `next` is what to give as `after` for the following ones, None at the end."""

    counsellor_id: UUID
    seekers: list[AssignedSeekerView]
    next: UUID | None


class LoadView(BaseModel):
    """How many active seekers a counsellor in service has; `away_days` is the length of the absence they are in."""

    counsellor_id: UUID
    groups: tuple[ClientGroup, ...]
    seekers: int
    away_days: int


class LoadsView(BaseModel):
    """The loads of all in service, the greatest first; null figures where nobody is."""

    day: date
    counsellors: list[LoadView]
    least: int | None
    median: float | None
    most: int | None
    unassigned: int
    """Active seekers who have no counsellor yet."""


@router.get("/counsellors/load", response_model=LoadsView)
async def loads(request: Request, _: Actor = reads(Door(MANAGER, EVERYBODY))) -> Any:
    """Tell how many seekers each counsellor in service has."""
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    async with reading(pool) as conn:
        desk = await queries.desk(conn, (await clock.now(conn)).day)
        unassigned = await queries.count_unassigned(conn)
    counts = [one.seekers for one in desk.specialists]
    return {
        "day": desk.day,
        "counsellors": sorted(desk.specialists, key=lambda one: (-one.seekers, one.counsellor_id)),
        "least": min(counts, default=None),
        "median": median(counts) if counts else None,
        "most": max(counts, default=None),
        "unassigned": unassigned,
    }


@router.get("/counsellors/{counsellor_id}/seekers", response_model=AssignedPage)
async def seekers(
    counsellor_id: UUID,
    request: Request,
    limit: Limit = 100,
    after: UUID | None = None,
    reader: Actor = reads(Door(STAFF, OWN_DESK)),
) -> Any:
    """List the active seekers of a counsellor, those who registered first before the others. A counsellor sees their
    own."""
    if held(request) and reader.own != counsellor_id:
        raise Problem(NOT_ONESELF, "the token's counsellor is another, or none", "counsellor_id")
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    async with reading(pool) as conn:
        day = (await clock.now(conn)).day
        found = await queries.seekers(conn, counsellor_id, limit, after)
    listed = [
        {
            "seeker_id": one.seeker.seeker_id,
            "group": one.assignment.group,
            "since": one.assignment.since,
            "person": one.seeker.bands(day),
        }
        for one in found
    ]
    last = found[-1].seeker.seeker_id if len(found) == limit else None
    return {"counsellor_id": counsellor_id, "seekers": listed, "next": last}


@router.get("/seekers/{seeker_id}/counsellor", response_model=AssignmentView)
async def read(seeker_id: UUID, request: Request, _: Actor = reads(Door(STAFF, EVERYBODY))) -> Any:
    """Read which counsellor a seeker has."""
    return await read_one(request, queries.assignment, "seeker_id", seeker_id)


@router.post("/seekers/{seeker_id}/counsellor", response_model=AssignedAnswer)
async def assign(seeker_id: UUID, form: AssignmentForm, call: Call = asks(Door(MANAGER, EVERYBODY))) -> Response:
    """Give a seeker another counsellor."""
    return await call.run(AssignTo(SeekerId(seeker_id), form))
