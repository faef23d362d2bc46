"""Releases over HTTP."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.batch.owners import NOBODY
from chassis.database.db import Pool, reading
from chassis.days import Day
from chassis.http.access import Door
from chassis.http.calls import Call, asks, reads
from chassis.http.problem_responses import Problem
from contracts.owners import MANAGER
from services.reporting.readers import READERS
from services.reporting.releases import queries
from services.reporting.releases.commands import PublishRelease, ReleaseForm
from services.reporting.releases.document import ReleaseDocument
from services.reporting.releases.rules import NOT_RELEASED

router = APIRouter(prefix="/releases", tags=["releases"])


class ReleaseView(BaseModel):
    """A release: its day, the position of the last event in it, the hash of its document (SHA-256 of the bytes that
    `GET /releases/{day}` gives, hexadecimal), and that of the release before it."""

    day: date
    published_on: date
    position: int
    hash: str
    previous: str | None


@router.post("", status_code=201, response_model=ReleaseView)
async def publish(form: ReleaseForm, call: Call = asks(Door(MANAGER, NOBODY))) -> Response:
    """Publish the figures up to a month's end for everyone: once, and as they are known now. What becomes known later
    changes no release."""
    return await call.run(PublishRelease(form), 201)


@router.get("", response_model=list[ReleaseView])
async def releases(request: Request, _: Actor = reads(Door(READERS, NOBODY))) -> Any:
    """List all releases, the newest first."""
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        return [one._asdict() for one in await queries.released(conn)]


@router.get("/{day}", response_model=ReleaseDocument)
async def release(request: Request, day: Day, _: Actor = reads(Door(READERS, NOBODY))) -> Response:
    """Give a release as it was published, to the byte; its ETag is its hash."""
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        found = await queries.document(conn, day)
    if found is None:
        raise Problem(NOT_RELEASED, f"nothing was released of {day}: /releases lists what was", "day")
    body, hashed = found
    return Response(body, media_type="application/json", headers={"ETag": f'"{hashed}"'})
