"""Seekers over HTTP."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.batch.owners import EVERYBODY
from chassis.database.db import reading
from chassis.http.access import Door
from chassis.http.bulk import BulkAnswer, BulkOptions, take
from chassis.http.bulk_columns import rows_body
from chassis.http.calls import Call, asks, reads
from chassis.http.cursors import After, Limit, next_place, place
from chassis.http.held import held_to
from chassis.http.versions import IfMatch, etag, needed_version_in
from contracts.codes import CareStage, District, Education, Gender, Occupation
from contracts.ids import SeekerId
from contracts.owners import STAFF
from services.intake.access import OWN_SEEKERS
from services.intake.privacy.looking import looking
from services.intake.privacy.registering import Registrations, registrations_of
from services.intake.privacy.telling import before_answering, note_try
from services.intake.seekers import queries
from services.intake.seekers.answers import SeekerLine, refuse_missing
from services.intake.seekers.commands import (
    ChangeSeeker,
    RegisterSeeker,
    ReturnSeeker,
    SearchForm,
    SeekerForm,
    SeekerReturn,
    Withdrawal,
    WithdrawSeeker,
)
from services.intake.seekers.model import Declared, Seeker

router = APIRouter(prefix="/seekers", tags=["seekers"])


class SeekerAnswer(BaseModel):
    """The id that was given to a seeker."""

    seeker_id: UUID


class ChangedAnswer(SeekerAnswer):
    """The names of the fields that changed, and the version of the record since."""

    changed: list[str]
    version: int


class SeekerView(Declared):
    """A seeker's record. Its ETag is the version, which a change names in If-Match."""

    seeker_id: UUID
    name: str
    birth_date: date
    phone: str
    district: District
    wanted_occupations: tuple[Occupation, ...]
    status: Literal["active", "withdrawn"]
    registered_on: date
    gender: Gender
    education: Education | None
    career_years: int | None
    desired_wage: int | None
    care_stage: CareStage | None
    sos_care: bool
    version: int

    @classmethod
    def of(cls, seeker: Seeker) -> "SeekerView":
        own = {name: getattr(seeker, name) for name in cls.model_fields if hasattr(seeker, name)}
        return cls(**own, **dict(seeker.declared))


class SeekerPage(BaseModel):
    """Seekers; `next` is what to give as `after` for the following ones, None at the end."""

    seekers: list[SeekerLine]
    next: str | None


@router.post("", status_code=201, response_model=SeekerAnswer)
async def register(
    form: SeekerForm,
    registrations: Annotated[Registrations, Depends(registrations_of)],
    call: Call = asks(Door(STAFF, EVERYBODY)),
) -> Response:
    """Register a person as a job seeker. The same name, birth date and phone are registered once, in whatever case and
    width the name is written."""
    registrations.count(call.actor)
    return await call.run(RegisterSeeker(SeekerId(uuids.uuid7()), form), 201)


@router.post("/bulk", response_model=BulkAnswer, openapi_extra=rows_body(SeekerForm))
async def register_many(request: Request, options: BulkOptions, call: Call = asks(Door(STAFF, EVERYBODY))) -> Response:
    """Register many persons; rows as for sessions in bulk."""
    registrations = await registrations_of(request)

    def command(form: SeekerForm) -> RegisterSeeker:
        if not options.dry_run:
            registrations.count(call.actor)
        return RegisterSeeker(SeekerId(uuids.uuid7()), form)

    return await take(request, call, options, SeekerForm, command)


@router.get("", response_model=SeekerPage)
async def seekers(
    request: Request,
    district: District | None = None,
    status: Literal["active", "withdrawn"] | None = None,
    wanted_occupation: Occupation | None = None,
    care_stage: CareStage | None = None,
    sos_care: bool | None = None,
    limit: Limit = 100,
    after: After = None,
    reader: Actor = reads(Door(STAFF, OWN_SEEKERS)),
) -> Any:
    """List the seekers who live in a district, and so on; registered first on top. A counsellor lists their own, and
    whom nobody counsels.

    Everyone who is listed is taken down as read.
    """
    from_ = place(after)
    wanted = queries.Search(None, None, None, district, status, wanted_occupation, care_stage, sos_care)
    async with looking(request, reader, "search") as look:
        found = await queries.seekers(look.conn, wanted, limit, from_, await held_to(request, look.conn))
        look.saw(seeker.seeker_id for seeker in found)
    return _page(found, limit)


@router.post("/search", response_model=SeekerPage)
async def search(request: Request, form: SearchForm, reader: Actor = reads(Door(STAFF, EVERYBODY))) -> Any:
    """Find somebody by their whole name, in any case and width, or their phone, whoever counsels them; registered first
    on top.

    Everyone who is found is taken down as read; of those whom others counsel nobody is shown more than a day's quota.
    How often nobody is found is taken down, too: beyond the quota no search is answered on that day.
    """
    from_ = place(form.after)
    wanted = queries.Search(form.name, form.phone, form.birth_date)
    async with looking(request, reader, "search") as look:
        found = await queries.seekers(look.conn, wanted, form.limit, from_)
        look.came_upon(seeker.seeker_id for seeker in found)
    await before_answering(request, reader, bool(found), "phone" if form.name is None else "name")
    return _page(found, form.limit)


def _page(found: Sequence[Seeker], limit: int) -> SeekerPage:
    next_ = next_place(found, limit, lambda last: (last.registered_on, last.seeker_id))
    return SeekerPage(seekers=[SeekerLine.of(seeker) for seeker in found], next=next_)


@router.put("/{seeker_id}", response_model=ChangedAnswer)
async def change(
    seeker_id: UUID,
    form: SeekerForm,
    request: Request,
    if_match: IfMatch = None,
    call: Call = asks(Door(STAFF, OWN_SEEKERS)),
) -> Response:
    """Replace a seeker's details, as they were read under the version that If-Match names. Whoever would change who
    somebody is is told whether there is such a person: so it counts as trying, which has a quota of the day."""
    command = ChangeSeeker(SeekerId(seeker_id), needed_version_in(if_match), form)
    async with reading(request.app.state.pool) as conn:
        record = await queries.seeker(conn, seeker_id)
    if record is not None and not record.is_person(form.name, form.birth_date, form.phone):
        await note_try(request, call.actor, 1, "name")
    return await call.run(command)


@router.post("/{seeker_id}/withdrawal", response_model=SeekerAnswer)
async def withdraw(seeker_id: UUID, withdrawal: Withdrawal, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Take a seeker off the register."""
    return await call.run(WithdrawSeeker(SeekerId(seeker_id), withdrawal))


@router.post("/{seeker_id}/return", response_model=SeekerAnswer)
async def come_back(seeker_id: UUID, returning: SeekerReturn, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Put a seeker who had withdrawn back on the register, under the same record."""
    return await call.run(ReturnSeeker(SeekerId(seeker_id)))


@router.get("/{seeker_id}", response_model=SeekerView, responses={308: {"description": "Merged: see Location"}})
async def read(
    seeker_id: UUID, request: Request, response: Response, reader: Actor = reads(Door(STAFF, OWN_SEEKERS))
) -> Any:
    """Read a seeker's record. The id of a record that was merged leads to the one that stayed."""
    async with looking(request, reader, "record") as look:
        found = await queries.seeker(look.conn, seeker_id)
        if found is None:
            former = await queries.former(look.conn, seeker_id)
            if former and former.merged_into:
                return RedirectResponse(str(former.merged_into), 308)
            raise refuse_missing(seeker_id, former)
        look.saw([found.seeker_id])
    response.headers["ETag"] = etag(found.version)
    return SeekerView.of(found)
