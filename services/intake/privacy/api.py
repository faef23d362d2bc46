"""Consents, reads, how a person is reached, and erasure over HTTP."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from chassis.batch.clock import Clock
from chassis.batch.decisions import Actor
from chassis.batch.owners import EVERYBODY
from chassis.database.db import Connection, reading
from chassis.http.access import Door
from chassis.http.calls import Call, asks, problem_of, reads
from chassis.http.cursors import After, Limit, next_place, place
from contracts.ids import SeekerId
from contracts.owners import EVALUATORS, MANAGER, STAFF
from contracts.seekers import ConsentPurpose
from services.intake.access import OWN_SEEKERS
from services.intake.privacy import queries
from services.intake.privacy.commands import ConsentForm, EraseSeeker, Erasure, RecordConsent
from services.intake.privacy.looking import looking
from services.intake.privacy.model import Look
from services.intake.privacy.rules import refuse_asking
from services.intake.seekers.answers import look_at
from services.intake.seekers.model import Seeker
from services.intake.seekers.queries import seeker

router = APIRouter(prefix="/seekers/{seeker_id}", tags=["privacy"])


class ConsentAnswer(BaseModel):
    """What stands about a use of a person's data."""

    seeker_id: UUID
    purpose: ConsentPurpose
    given: bool


class ConsentView(BaseModel):
    """What a person said about a use of their data, and who took it down."""

    consent_id: UUID
    purpose: ConsentPurpose
    given: bool
    text_version: str
    occurred_on: date
    recorded_at: datetime
    actor_role: str
    actor_id: str


class ConsentPage(BaseModel):
    """Consents; `next` is what to give as `after` for the following ones, None at the end."""

    consents: list[ConsentView]
    next: str | None


class ReadView(BaseModel):
    """Who read a person's data, by what, and when. `seeker_id` is the record they read, which may be merged by now."""

    read_id: UUID
    seeker_id: UUID
    what: Look
    reader_role: str
    reader_id: str
    read_on: date
    read_at: datetime


class ReadPage(BaseModel):
    """Reads; `next` is what to give as `after` for the following ones, None at the end."""

    reads: list[ReadView]
    next: str | None


class ContactDetails(BaseModel):
    """How a seeker is reached."""

    seeker_id: UUID
    name: str
    phone: str


class ErasedAnswer(BaseModel):
    """The id that stays, as a mark."""

    seeker_id: UUID


@router.post("/consents", status_code=201, response_model=ConsentAnswer)
async def record_consent(seeker_id: UUID, form: ConsentForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Take down that a person agrees to a use of their data, or does no longer."""
    return await call.run(RecordConsent(SeekerId(seeker_id), form), 201)


@router.get("/consents", response_model=ConsentPage)
async def consents(
    seeker_id: UUID,
    request: Request,
    limit: Limit = 100,
    after: After = None,
    reader: Actor = reads(Door(STAFF, OWN_SEEKERS)),
) -> Any:
    """List what a person said about the uses of their data, the earliest first."""
    from_ = place(after)
    async with looking(request, reader, "consents") as look:
        look.asks(seeker_id)
        found = await queries.consents(look.conn, seeker_id, limit, from_)
        look.saw([seeker_id] if found else [])
    return {"consents": found, "next": next_place(found, limit, lambda last: (last["occurred_on"], last["consent_id"]))}


@router.get("/reads", response_model=ReadPage)
async def seeker_reads(
    seeker_id: UUID,
    request: Request,
    limit: Limit = 100,
    after: After = None,
    _: Actor = reads(Door(MANAGER, EVERYBODY)),
) -> Any:
    """List who read a person's data, the earliest first, also under a record since merged into theirs; and of one who
    was erased since."""
    from_ = place(after)
    async with reading(request.app.state.pool) as conn:
        found = await queries.seeker_reads(conn, seeker_id, limit, from_)
    return {"reads": found, "next": next_place(found, limit, lambda last: (last["read_on"], last["read_id"]))}


@router.get("/contact-details", response_model=ContactDetails)
async def contact_details(
    seeker_id: UUID,
    request: Request,
    invitation_id: Annotated[UUID, Query(description="The person's invitation, as the sample of a survey shows it")],
    reader: Actor = reads(Door(EVALUATORS, EVERYBODY)),
) -> Any:
    """Read how a seeker is reached, and nothing else of the record: the evaluation office asks those in its samples,
    for as long as the survey runs and they haven't declined."""
    clock: Clock = request.app.state.clock
    survey_days: int = request.app.state.survey_days

    async def who_is_asked(conn: Connection, seeker_id: UUID) -> Seeker | None:
        found = await seeker(conn, seeker_id)
        if found is not None:
            drawn_on = await queries.invited_on(conn, seeker_id, invitation_id)
            today = (await clock.now(conn)).day
            declined_on = await queries.declined_surveys(conn, seeker_id)
            if refused := refuse_asking(drawn_on, declined_on, today, survey_days):
                raise problem_of(refused)
        return found

    return await look_at(request, reader, "contact_details", who_is_asked, seeker_id)


@router.post("/erasure", response_model=ErasedAnswer)
async def erase(seeker_id: UUID, erasure: Erasure, call: Call = asks(Door(MANAGER, EVERYBODY))) -> Response:
    """Erase a person's data, here and everywhere. What was counted stays counted; it can't be undone."""
    return await call.run(EraseSeeker(SeekerId(seeker_id)))
