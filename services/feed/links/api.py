"""Links and one-time codes over HTTP: staff makes and ends links and gives codes, a partner claims a client by one."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.http.access import Door
from chassis.http.calls import Call, asks
from contracts.owners import STAFF
from services.feed.access import OWN_CLIENTS, OWN_SEEKERS, PARTNER
from services.feed.links.commands import (
    ClaimClient,
    ClaimForm,
    CodeForm,
    EndForm,
    EndLink,
    GiveCode,
    LinkForm,
    MakeLink,
)
from services.feed.settings import FeedSettings

router = APIRouter(tags=["links"])

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of which codes are made: none is taken for another one."""
CODE_PARTS = 3
PART_LETTERS = 4
"""12 letters of 32 are 60 bits: at 5 tries a second nobody finds one in an hour."""


class LinkAnswer(BaseModel):
    """The id of the link."""

    link_id: UUID


class CodeAnswer(BaseModel):
    """The code, and until when it holds. It is told once: who asks again under the same Idempotency-Key is told that
    one was given, and gets another one by another key."""

    code: str | None
    until: datetime


class ClaimAnswer(BaseModel):
    """The partner's number of the client who is linked now."""

    client_number: str


@router.post("/links", response_model=LinkAnswer, status_code=201)
async def link(form: LinkForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Have a partner's client number stand for a seeker. Events are passed on from now on; what was before, the
    partner's snapshot tells."""
    return await call.run(MakeLink(uuids.uuid7(), form), 201)


@router.post("/links/end", response_model=LinkAnswer)
async def end(form: EndForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """End a link at once; the partner is told."""
    return await call.run(EndLink(form))


@router.post("/codes", response_model=CodeAnswer, status_code=201)
async def give_code(form: CodeForm, request: Request, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Give a code, for a seeker to take to a partner, which may use it once."""
    settings: FeedSettings = request.app.state.settings
    return await call.run(GiveCode(new_code(), timedelta(minutes=settings.code_minutes), form), 201)


@router.post("/claims", response_model=ClaimAnswer, status_code=201)
async def claim(form: ClaimForm, call: Call = asks(Door(PARTNER, OWN_CLIENTS))) -> Response:
    """Link the client who brought a code, under the partner's own number of them."""
    return await call.run(ClaimClient(uuids.uuid7(), call.actor.id, form), 201)


def new_code() -> str:
    """Make a random code, in parts that can be read out."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(PART_LETTERS)) for _ in range(CODE_PARTS))
