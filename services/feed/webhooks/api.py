"""Webhooks over HTTP: a partner registers where its log is sent to, looks how that goes, and has sent again what wasn't
taken; managers see all."""

import secrets
from datetime import UTC, date, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from chassis.batch.clock import Clock
from chassis.batch.decisions import Actor
from chassis.batch.owners import EVERYBODY
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.addresses import networks_of
from chassis.http.calls import Call, asks, reads
from chassis.http.cursors import AfterNumber, Limit, next_number
from chassis.http.problem_responses import Problem
from chassis.texts import Identifier
from contracts.owners import MANAGER
from services.feed.access import OWN_CLIENTS, PARTNER
from services.feed.log.api import number_after
from services.feed.settings import FeedSettings
from services.feed.webhooks import queries
from services.feed.webhooks.addresses import leads_inside, wrong_url
from services.feed.webhooks.commands import (
    AskHandshake,
    Discard,
    DiscardForm,
    EndWebhook,
    Made,
    Redrive,
    RedriveForm,
    RegisterWebhook,
    RotateSecret,
    SecretForm,
    WebhookForm,
)
from services.feed.webhooks.model import State
from services.feed.webhooks.rules import INSIDE_URL, NO_WEBHOOK, WRONG_URL
from services.feed.webhooks.signing import SEED_BYTES, secret_of, told

router = APIRouter(tags=["webhooks"])

NAME_SECONDS = 3.0
"""For the look at what a name leads to."""


class RegisteredAnswer(BaseModel):
    """How the webhook is. `secret`, by which messages are signed, is told once: null where the webhook has one already,
    or who asks again under the same Idempotency-Key was told it. Who has lost it asks for another one."""

    state: State
    secret: str | None


class SecretAnswer(BaseModel):
    """The new secret, and until when the one before it signs as well. It is told once: who asks again under the same
    Idempotency-Key is told that one was given, and gets another one by another key."""

    secret: str | None
    former_until: datetime | None


class StateAnswer(BaseModel):
    """How the webhook is."""

    state: State


class WebhookEndedAnswer(BaseModel):
    """The number up to which all was sent, or listed as not taken."""

    sent_through: int


class RedrivenAnswer(BaseModel):
    """How many are sent again."""

    redriven: int


class DiscardedAnswer(BaseModel):
    """How many were given up."""

    discarded: int


class WebhookView(BaseModel):
    """How a webhook is. An unverified one waits for its first handshake, a paused one for the next, at
    `next_handshake_at`, or until it is asked for where that is None; `failure` says what went wrong last. Entries up to
    `sent_through` were sent; of them some are sent again, wait behind those, or are dead letters. `lost` are entries
    that outlived their days before they could be sent."""

    partner: str
    url: str
    state: State
    failure: str | None
    failing_since: datetime | None
    failures: int
    next_handshake_at: datetime | None
    delivered_at: datetime | None
    registered_at: datetime
    former_secret_until: datetime | None
    sent_through: int
    entered_through: int
    sent_again: int
    waiting: int
    dead_letters: int
    lost: int
    revoked: bool


class WebhookPage(BaseModel):
    """Webhooks; `next` is what to give as `after` for the following ones, None at the end."""

    webhooks: list[WebhookView]
    next: str | None


class DeadLetterView(BaseModel):
    """An event that was not taken for three days: of which client, how often it was sent, since when, what came of it
    last, and how many events of the client wait behind it."""

    number: int
    id: str
    type: str
    client_number: str | None
    occurred_on: date
    attempts: int
    first_at: datetime
    dead_at: datetime
    failure: str
    waiting: int


class DeadLetterPage(BaseModel):
    """Dead letters; `next` is what to give as `after` for the following ones, None at the end."""

    letters: list[DeadLetterView]
    next: int | None


@router.put("/webhook", response_model=RegisteredAnswer)
async def register(form: WebhookForm, request: Request, call: Call = asks(Door(PARTNER, OWN_CLIENTS))) -> Response:
    """Have the log sent to an address, from now on: at first a handshake, which its receiver must answer."""
    settings: FeedSettings = request.app.state.settings
    pool: Pool = request.app.state.pool
    after = None
    if form.after is not None:
        after = await number_after(pool, call.actor.id, form.after, settings.feed_days, "after")
    if wrong_url(form.url, http=settings.webhook_http) is None:
        await _check_name(form.url, settings)
    command = RegisterWebhook(
        call.actor.id,
        form.url,
        _made(settings, call.actor.id),
        after,
        datetime.now(UTC),
        settings.webhook_http,
    )
    return await call.run(command)


async def _check_name(url: str, settings: FeedSettings) -> None:
    """Refuse an address whose name leads nowhere, or inside, by now (raises Problem). It is looked at again with each
    message: what it leads to may change."""
    inside = await leads_inside(urlsplit(url).hostname or "", networks_of(settings.webhook_networks), NAME_SECONDS)
    if inside is None:
        raise Problem(WRONG_URL, "its name leads nowhere: check the address, and the name's entry", "url")
    if inside:
        told = "register an address that is reached from everywhere, or have the centre allow its network"
        raise Problem(INSIDE_URL, f"{told} (JOBPLUS_WEBHOOK_NETWORKS)", "url")


@router.get("/webhook", response_model=WebhookView)
async def show(request: Request, actor: Actor = reads(Door(PARTNER, OWN_CLIENTS))) -> Any:
    """Show how the webhook is."""
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    async with reading(pool) as conn:
        found = await queries.webhook_of(conn, actor.id, (await clock.now(conn)).day)
    if found is None:
        raise Problem(NO_WEBHOOK, "register one first: PUT /webhook")
    return found


@router.post("/webhook/secret", response_model=SecretAnswer)
async def rotate(form: SecretForm, request: Request, call: Call = asks(Door(PARTNER, OWN_CLIENTS))) -> Response:
    """Replace the secret. For some hours messages are signed by both, so that the receiver can change over."""
    made = _made(request.app.state.settings, call.actor.id)
    return await call.run(RotateSecret(call.actor.id, made, datetime.now(UTC), form))


def _made(settings: FeedSettings, partner: str) -> Made:
    seed = secrets.token_bytes(SEED_BYTES)
    return Made(seed, told(secret_of(settings.webhook_key(), partner, seed)))


@router.post("/webhook/handshake", response_model=StateAnswer)
async def ask_handshake(call: Call = asks(Door(PARTNER, OWN_CLIENTS))) -> Response:
    """Have the handshake tried at once, of a webhook that is unverified or paused; GET /webhook tells what came of
    it."""
    return await call.run(AskHandshake(call.actor.id, datetime.now(UTC)))


@router.post("/webhook/end", response_model=WebhookEndedAnswer)
async def end(call: Call = asks(Door(PARTNER, OWN_CLIENTS))) -> Response:
    """Have nothing more sent. Its secret, and what was not taken, is forgotten; the feed can be read as before."""
    return await call.run(EndWebhook(call.actor.id))


@router.get("/webhook/dead-letters", response_model=DeadLetterPage)
async def dead_letters(
    request: Request, limit: Limit = 100, after: AfterNumber = 0, actor: Actor = reads(Door(PARTNER, OWN_CLIENTS))
) -> Any:
    """List the events that were not taken for three days, and may still be passed on."""
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    async with reading(pool) as conn:
        found = await queries.dead_letters(conn, actor.id, (await clock.now(conn)).day, limit, after)
    return {"letters": found, "next": next_number(found, limit, lambda last: last["number"])}


@router.post("/webhook/dead-letters/redrive", response_model=RedrivenAnswer)
async def redrive(form: RedriveForm, call: Call = asks(Door(PARTNER, OWN_CLIENTS))) -> Response:
    """Have dead letters sent again, for three days anew; then what waits behind them is sent."""
    return await call.run(Redrive(call.actor.id, form))


@router.post("/webhook/dead-letters/discard", response_model=DiscardedAnswer)
async def discard(form: DiscardForm, call: Call = asks(Door(PARTNER, OWN_CLIENTS))) -> Response:
    """Give dead letters up: what waits behind them is sent. They stay to be read from the feed."""
    return await call.run(Discard(call.actor.id, form))


@router.get("/webhooks", response_model=WebhookPage)
async def webhooks(
    request: Request,
    limit: Limit = 100,
    after: Annotated[str, Query(max_length=100, description="`next` of the page before"), Identifier] = "",
    _: Actor = reads(Door(MANAGER, EVERYBODY)),
) -> Any:
    """List how all partners' webhooks are."""
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    async with reading(pool) as conn:
        found = await queries.webhooks(conn, (await clock.now(conn)).day, limit, after)
    return {"webhooks": found, "next": found[-1]["partner"] if len(found) == limit else None}
