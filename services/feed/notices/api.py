"""Which of a partner's notices couldn't be read, for the partner."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.calls import reads
from chassis.http.cursors import AfterNumber, Limit, next_number
from chassis.stream import dead_letters
from services.feed.access import OWN_CLIENTS, PARTNER
from services.feed.settings import FeedSettings

router = APIRouter(prefix="/notices", tags=["notices"])


class UnreadNotice(BaseModel):
    """A record on a topic of the partner's that couldn't be read: where it stands, what it said it is, and why."""

    id: int
    topic: str
    partition: int
    offset: int
    key: str | None
    type: str | None
    error: str
    kept_at: datetime


class UnreadNotices(BaseModel):
    """Those there are; `next` is what to give as `after` for what follows, None at the end."""

    unread: list[UnreadNotice]
    next: int | None


@router.get("/unread", response_model=UnreadNotices)
async def unread(
    request: Request,
    limit: Limit = 100,
    after: AfterNumber = 0,
    actor: Actor = reads(Door(PARTNER, OWN_CLIENTS)),
) -> Any:
    """List the notices of the partner's own that couldn't be read, the oldest first. Write a right one under an id of
    its own: it waits for none of these. The operators take them off the list."""
    settings: FeedSettings = request.app.state.settings
    pool: Pool = request.app.state.pool
    own = [topic.name for topic in settings.notice_topics if topic.partner == actor.id]
    async with reading(pool) as conn:
        found = [dict(row) for row in await dead_letters.listed(conn, limit, after, own)]
    return {"unread": found, "next": next_number(found, limit, lambda last: last["id"])}
