"""Contacts and employments over HTTP."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.batch.clock import Clock
from chassis.batch.decisions import Actor
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.bulk import BulkAnswer, BulkOptions, take
from chassis.http.bulk_columns import rows_body
from chassis.http.calls import Call, asks, read_one, reads
from chassis.http.cursors import After, Limit, next_place, place
from chassis.http.held import held_to
from contracts.codes import Employment, FollowUpStep, Occupation, PlacementSource, Sector
from contracts.followups import EmploymentEnd
from contracts.ids import ContactId, PlacementId
from contracts.open_codes import ReadsOpen
from contracts.owners import STAFF
from services.followup.access import OWN_SEEKERS
from services.followup.contacts import queries
from services.followup.contacts.commands import (
    ContactRow,
    EndEmployment,
    EndingForm,
    OutcomeForm,
    RecordContact,
    RecordStep,
)
from services.followup.contacts.model import Outcome, Status
from services.followup.owners import check_seeker, own_seeker

router = APIRouter(tags=["contacts"])


class OutcomeAnswer(BaseModel):
    """How a contact stands, and how often it was tried."""

    contact_id: UUID
    status: Status
    attempts: int


class EndingAnswer(BaseModel):
    """The day on which an employment ended."""

    placement_id: UUID
    ended_on: date


class ContactView(OutcomeAnswer):
    """A contact after a placement."""

    placement_id: UUID
    seeker_id: UUID
    step: FollowUpStep
    due_on: date
    try_on: date | None
    """After a try in vain: the day from which it is to be tried again."""


class TryView(BaseModel):
    """A try to reach the seeker, and what came of it."""

    attempt: int
    occurred_on: date
    outcome: Outcome
    satisfaction: int | None


class TriedContactView(ContactView):
    """A contact with its tries, in their order. One that was tried before these were kept has more `attempts`."""

    tries: list[TryView]


class EmploymentView(ReadsOpen):
    """A job that began with a placement, and what its contacts told.

    `changed_job`: it ended for another job, which lasts as far as is known; when that has ended too, it is false again,
    and `next_ended_on` is the day. What was told before it was kept is null. `corrected`: the placement never was.
    """

    placement_id: UUID
    seeker_id: UUID
    placed_on: date
    source: PlacementSource | None
    occupation: Occupation | None
    sector: Sector | None
    employment: Employment | None
    ended_on: date | None
    end_reason: EmploymentEnd | None
    changed_job: bool
    next_ended_on: date | None
    next_end_reason: EmploymentEnd | None
    corrected: bool
    contacts: list[TriedContactView]


class EmploymentPage(BaseModel):
    """Employments of a seeker, the latest first; `next` is what to give as `after` for the following ones, None at the
    end."""

    employments: list[EmploymentView]
    next: str | None


class ContactPage(BaseModel):
    """Contacts; `next` is what to give as `after` for the following ones, None at the end."""

    contacts: list[ContactView]
    next: str | None


@router.get("/contacts", response_model=ContactPage)
async def contacts(
    request: Request,
    status: Status = "due",
    limit: Limit = 100,
    after: After = None,
    _: Actor = reads(Door(STAFF, OWN_SEEKERS)),
) -> Any:
    """List the contacts of a status, by their day: those that are due if no other is asked for.

    One that was tried in vain comes back on the day of its next try.
    """
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    from_ = place(after)
    async with reading(pool) as conn:
        day, held = (await clock.now(conn)).day, await held_to(request, conn)
        found = await queries.contacts(conn, status, day, limit, from_, held)
    return {"contacts": found, "next": next_place(found, limit, lambda last: (last.due_on, last.contact_id))}


@router.get("/contacts/{contact_id}", response_model=TriedContactView)
async def read(contact_id: UUID, request: Request, _: Actor = reads(Door(STAFF, OWN_SEEKERS))) -> Any:
    """Read a contact, and what came of each try."""
    return await read_one(request, queries.contact, "contact_id", contact_id, own_seeker)


@router.post("/contacts/{contact_id}/outcome", response_model=OutcomeAnswer)
async def record(contact_id: UUID, form: OutcomeForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Take down what came of a contact. Someone who left goes back into the pool, unless for another job."""
    return await call.run(RecordContact(ContactId(contact_id), form))


@router.post("/contacts/bulk", response_model=BulkAnswer, openapi_extra=rows_body(ContactRow))
async def record_many(request: Request, options: BulkOptions, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Take down what came of many contacts. A row that has not the form refuses the whole request, with every error by
    row. A row that a rule refuses is named in the answer, and the others are taken. Sent again under the same
    Idempotency-Key, rows that were taken are not taken again."""
    return await take(request, call, options, ContactRow, RecordStep)


@router.post("/placements/{placement_id}/ending", response_model=EndingAnswer)
async def end(placement_id: UUID, form: EndingForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Take note that an employment has ended, however that was learned; the seeker goes back into the pool,
    unless they have another job. Of one who changed the job it is the end of the next that is noted."""
    return await call.run(EndEmployment(PlacementId(placement_id), form))


@router.get("/placements/{placement_id}/employment", response_model=EmploymentView)
async def read_employment(placement_id: UUID, request: Request, _: Actor = reads(Door(STAFF, OWN_SEEKERS))) -> Any:
    """Read how a placement went on: what its contacts told, and how the employment ended."""
    return await read_one(request, queries.employment, "placement_id", placement_id, own_seeker)


@router.get("/seekers/{seeker_id}/employments", response_model=EmploymentPage)
async def employments(
    seeker_id: UUID,
    request: Request,
    limit: Limit = 100,
    after: After = None,
    _: Actor = reads(Door(STAFF, OWN_SEEKERS)),
) -> Any:
    """List the employments of a seeker, those of a record that was merged into theirs included. Who never was placed
    has none."""
    from_ = place(after)
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        await check_seeker(request, conn, seeker_id)
        found = await queries.employments(conn, seeker_id, limit, from_)
    return {
        "employments": found,
        "next": next_place(found, limit, lambda last: (last["placed_on"], last["placement_id"])),
    }
