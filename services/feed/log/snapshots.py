"""Snapshots to begin with: who of a partner's clients was in SOS-Care on a day, and from where to read on."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from chassis.batch.clock import Clock
from chassis.batch.decisions import Actor
from chassis.database.db import Pool, lent_for_reading, reading_briefly
from chassis.days import Day
from chassis.http.access import Door
from chassis.http.calls import reads
from chassis.http.problem_responses import Problem
from chassis.http.slots import COSTLY
from chassis.problems import DATE_IN_FUTURE
from contracts.seekers import SosCareGranted
from services.feed.access import OWN_CLIENTS, PARTNER
from services.feed.grants.store import GrantsOfStore
from services.feed.log import queries
from services.feed.log.api import TYPE_NOT_GRANTED, known_end

router = APIRouter(tags=["feed"])

SINCE = "occurred_on"
"""The field of SosCareGranted that tells since when somebody is in it."""


class Client(BaseModel):
    """A client by the partner's number; `since` where `occurred_on` of SosCareGranted is granted."""

    client_number: str
    since: date | None


class Snapshot(BaseModel):
    """The clients who were in SOS-Care on a day, by their numbers; `lastEventId` is what to give to GET /feed to read
    on from there."""

    model_config = ConfigDict(populate_by_name=True)

    on: date
    last_event_id: str = Field(alias="lastEventId")
    clients: list[Client]


@router.get("/snapshot", response_model=Snapshot, dependencies=[COSTLY])
async def snapshot(
    request: Request,
    on: Annotated[Day | None, Query(description="the day, today if not given")] = None,
    actor: Actor = reads(Door(PARTNER, OWN_CLIENTS)),
) -> Any:
    """Show who of the partner's clients was in SOS-Care on a day, as far as SosCareGranted is granted of them."""
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    kind = SosCareGranted.type
    async with (
        lent_for_reading(pool) as conn,
        conn.transaction(isolation="repeatable_read"),
        reading_briefly(conn),
    ):
        end, today = await known_end(conn, actor.id), (await clock.now(conn)).day
        day = on or today
        if day > today:
            raise Problem(DATE_IN_FUTURE, f"on {day} is after today, {today}", "on")
        grants = (await GrantsOfStore().load(conn, [actor.id])).get(actor.id)
        by_consent = {consents: grants and grants.of_event(kind, consents, today) for consents in (False, True)}
        if by_consent[True] is None:
            raise Problem(TYPE_NOT_GRANTED, f"a snapshot tells what {kind} tells: have it granted")
        clients = await queries.in_sos_care(conn, actor.id, day)
        shown = [(client, grant) for client in clients if (grant := by_consent[client.consents])]
        noted = [(client.link_id, grant.grant_id, client.since) for client, grant in shown]
        await queries.note_snapshot(conn, actor.id, kind, day, noted)
    return {
        "on": day,
        "last_event_id": str(end),
        "clients": [
            {
                "client_number": client.client_number,
                "since": client.since if SINCE in grant.types[kind] else None,
            }
            for client, grant in shown
        ],
    }
