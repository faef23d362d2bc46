"""What was published of the unplaced over HTTP, and how it is published anew."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.batch.owners import NOBODY
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.calls import Call, asks, reads
from chassis.http.cursors import AfterNumber, Limit, next_number
from contracts.codes import Occupation
from contracts.owners import MANAGER
from services.reporting.readers import READERS
from services.reporting.unplaced import queries
from services.reporting.unplaced.commands import PublishAnew, YearForm

router = APIRouter(prefix="/unplaced-occupations", tags=["unplaced occupations"])


class PublishedAnswer(BaseModel):
    """What was published: the occupations, most unplaced first, and how many wanted each of them first."""

    year: int
    version: int
    occupations: list[Occupation]
    unplaced: list[int]


class PublicationView(PublishedAnswer):
    """What was published of a year, when, and by whom; `holds` tells the year's last from those that it has corrected:
    while visits go by that year, they go by it. `position` is its event's in the ledger."""

    published_on: date
    recorded_at: datetime
    published_by: str
    position: int
    holds: bool


class PublicationPage(BaseModel):
    """What was published; `next` is what to give as `after` for the following, None at the end."""

    publications: list[PublicationView]
    next: int | None


@router.post("", status_code=201, response_model=PublishedAnswer)
async def publish_anew(form: YearForm, call: Call = asks(Door(MANAGER, NOBODY))) -> Response:
    """Publish whom the last year left unplaced anew, as it is known now: the visit list then goes by that. What was
    published before stays on record."""
    return await call.run(PublishAnew(form), 201)


@router.get("", response_model=PublicationPage)
async def published(
    request: Request,
    year: Annotated[int | None, Query(ge=1900, le=2200, description="All years if not given")] = None,
    limit: Limit = 100,
    after: AfterNumber = 0,
    _: Actor = reads(Door(READERS, NOBODY)),
) -> Any:
    """List what was published of the years' unplaced, the oldest first: each after a year's first corrects the one
    before it."""
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        found = await queries.publications(conn, year)
    last = {one.year: one.version for one in found}
    page = [one for one in found if one.position > after][:limit]
    shown = [
        {
            "year": one.year,
            "version": one.version,
            "occupations": [code for code, _ in one.unplaced],
            "unplaced": [persons for _, persons in one.unplaced],
            "published_on": one.published_on,
            "recorded_at": one.recorded_at,
            "published_by": one.published_by,
            "position": one.position,
            "holds": one.version == last[one.year],
        }
        for one in page
    ]
    return {"publications": shown, "next": next_number(page, limit, lambda end: end.position)}
