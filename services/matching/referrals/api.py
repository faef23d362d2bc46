"""Referrals over HTTP."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.database.db import Pool, reading
from chassis.days import Day
from chassis.http.access import Door
from chassis.http.bulk import BulkAnswer, BulkOptions, take
from chassis.http.bulk_columns import rows_body
from chassis.http.calls import Call, asks, read_one, reads
from chassis.http.cursors import After, Limit, next_place, place
from chassis.http.held import held_to
from chassis.http.versions import IfMatch, etag, version_in, with_etag
from contracts.cases import Answer
from contracts.codes import Occupation
from contracts.ids import ReferralId
from contracts.owners import STAFF
from services.matching.access import OWN_SEEKERS
from services.matching.owners import check_seeker, own_seeker
from services.matching.referrals import queries
from services.matching.referrals.commands import (
    AnswerForm,
    AnswerReferral,
    MakeReferral,
    RecordReferral,
    ReferralForm,
    ReferralRow,
    WithdrawalForm,
    WithdrawReferral,
)
from services.matching.referrals.model import ReferralStatus

router = APIRouter(prefix="/referrals", tags=["referrals"])


class ReferralAnswer(BaseModel):
    """The id that was given to a referral, and the codes of what spoke for it."""

    referral_id: UUID
    reasons: list[str]


class AnsweredAnswer(BaseModel):
    """A referral, its status after an answer or its withdrawal, and its version, which is the ETag as well."""

    referral_id: UUID
    status: ReferralStatus
    version: int


class ReferralView(BaseModel):
    """A referral's record. `reason` is why it was refused, postponed or withdrawn; `chased` is the last step at which
    its answer was asked for, 0 for none, counted anew from `postponed_on`. `version` counts the answers, from 1 for
    none; it is the ETag. `vacancy_closed_on` is the day on which its vacancy closed with openings left, or on which
    that was recorded where it was told later: a job may come of it for some days after."""

    referral_id: UUID
    seeker_id: UUID
    vacancy_id: UUID
    employer_id: UUID
    occupation: Occupation
    made_on: date
    status: ReferralStatus
    answer: Answer | None
    reason: str | None
    override: str | None
    chased: int
    postponed_on: date | None
    version: int
    vacancy_closed_on: date | None


class ReferralPage(BaseModel):
    """Referrals by the day on which they were made; `next` is what to give as `after` for the following ones, None at
    the end."""

    referrals: list[ReferralView]
    next: str | None


@router.post("", status_code=201, response_model=ReferralAnswer)
async def refer(form: ReferralForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Refer a seeker to a vacancy."""
    return await call.run(MakeReferral(ReferralId(uuids.uuid7()), form), 201)


@router.post("/bulk", response_model=BulkAnswer, openapi_extra=rows_body(ReferralRow))
async def refer_many(request: Request, options: BulkOptions, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Record many referrals, each with its answer if there is one; rows as for vacancies in bulk."""
    return await take(request, call, options, ReferralRow, lambda row: RecordReferral(ReferralId(uuids.uuid7()), row))


@router.post("/{referral_id}/answer", response_model=AnsweredAnswer)
async def answer(
    referral_id: UUID, form: AnswerForm, if_match: IfMatch = None, call: Call = asks(Door(STAFF, OWN_SEEKERS))
) -> Response:
    """Record what the seeker or the employer answered. A postponed referral is answered again; an accepted one may be
    refused as long as no job and no internship came of it. Who changes an answer names in If-Match the ETag that was
    read; the first answer needs none, and the same answer again changes nothing."""
    return with_etag(await call.run(AnswerReferral(ReferralId(referral_id), form, version_in(if_match))))


@router.post("/{referral_id}/withdrawal", response_model=AnsweredAnswer)
async def withdraw(referral_id: UUID, form: WithdrawalForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Take a referral back that has not led to a job or an internship yet."""
    return with_etag(await call.run(WithdrawReferral(ReferralId(referral_id), form)))


@router.get("", response_model=ReferralPage)
async def referrals(
    request: Request,
    status: Annotated[list[ReferralStatus] | None, Query(description="Any number of them")] = None,
    waiting_since_before: Annotated[Day | None, Query(description="Made before this day")] = None,
    seeker_id: UUID | None = None,
    vacancy_id: UUID | None = None,
    limit: Limit = 100,
    after: After = None,
    _: Actor = reads(Door(STAFF, OWN_SEEKERS)),
) -> Any:
    """List referrals, the earliest first. If nothing of whom, to what or in which status is asked for, those that wait
    for an answer: whom to chase."""
    pool: Pool = request.app.state.pool
    wanted = queries.Wanted.of(status, waiting_since_before, seeker_id, vacancy_id)
    from_ = place(after)
    async with reading(pool) as conn:
        if seeker_id:
            await check_seeker(request, conn, seeker_id)
        found = await queries.referrals(conn, wanted, limit, from_, await held_to(request, conn))
    return {"referrals": found, "next": next_place(found, limit, lambda last: (last.made_on, last.referral_id))}


@router.get("/{referral_id}", response_model=ReferralView)
async def read(
    referral_id: UUID, request: Request, response: Response, _: Actor = reads(Door(STAFF, OWN_SEEKERS))
) -> Any:
    """Read a referral's record. The header ETag has its version, for the If-Match of another answer."""
    found = await read_one(request, queries.referral, "referral_id", referral_id, own_seeker)
    response.headers["ETag"] = etag(found.version)
    return found
