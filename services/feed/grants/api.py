"""Grants over HTTP, for managers."""

import secrets
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.batch.owners import EVERYBODY
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.calls import Call, asks, reads
from chassis.http.cursors import AfterNumber, Limit, next_number
from contracts.owners import MANAGER
from services.feed.grants import queries
from services.feed.grants.commands import EndGrant, GiveGrant, GrantForm, PartnerName
from services.feed.grants.model import Ground

router = APIRouter(prefix="/grants", tags=["grants"])

SECRET_BYTES = 32


class GrantAnswer(BaseModel):
    """The id of the grant."""

    grant_id: UUID


class EndedAnswer(GrantAnswer):
    """The day on which the grant ended."""

    ended_on: date


class GrantView(BaseModel):
    """What was granted to a partner."""

    grant_id: UUID
    partner: str
    ground: Ground
    law: str | None
    types: dict[str, list[str]]
    until: date | None
    granted_at: datetime
    granted_by: str
    ended_on: date | None


class GrantPage(BaseModel):
    """Grants; `next` is what to give as `after` for the following ones, None at the end."""

    grants: list[GrantView]
    next: int | None


@router.post("", response_model=GrantAnswer, status_code=201)
async def give(form: GrantForm, call: Call = asks(Door(MANAGER, EVERYBODY))) -> Response:
    """Grant events to a partner, of those whom it is linked to. Nothing is passed on that happened before."""
    return await call.run(GiveGrant(uuids.uuid7(), secrets.token_bytes(SECRET_BYTES), form), 201)


@router.post("/{grant_id}/end", response_model=EndedAnswer)
async def end(grant_id: UUID, call: Call = asks(Door(MANAGER, EVERYBODY))) -> Response:
    """End a grant at once: also what was entered before and not read yet is passed on no more."""
    return await call.run(EndGrant(grant_id))


@router.get("", response_model=GrantPage)
async def grants(
    request: Request,
    partner: Annotated[PartnerName | None, Query(description="only this partner's")] = None,
    limit: Limit = 100,
    after: AfterNumber = 0,
    _: Actor = reads(Door(MANAGER, EVERYBODY)),
) -> Any:
    """List what was granted, in the order in which it was, ended grants too."""
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        found = await queries.grants(conn, partner, limit, after)
    return {"grants": [grant for _, grant in found], "next": next_number(found, limit, lambda last: last[0])}
