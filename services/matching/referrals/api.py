"""Referrals over HTTP."""

from datetime import date
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.calls import Call, asks, read_one, reads
from chassis.decisions import Actor
from contracts.codes import Answer, Occupation
from contracts.ids import ReferralId
from services.matching.referrals import queries
from services.matching.referrals.commands import AnswerForm, AnswerReferral, MakeReferral, ReferralForm
from services.matching.referrals.model import ReferralStatus

COUNSELLING_STAFF = ("counsellor", "manager")

router = APIRouter(prefix="/referrals", tags=["referrals"])


class ReferralAnswer(BaseModel):
    """The id that was given to a referral, and the codes of what spoke for it."""

    referral_id: UUID
    reasons: list[str]


class AnsweredAnswer(BaseModel):
    """A referral and its status after an answer."""

    referral_id: UUID
    status: ReferralStatus


class ReferralView(BaseModel):
    """A referral's record."""

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


@router.post("", status_code=201, response_model=ReferralAnswer)
async def refer(form: ReferralForm, call: Call = asks(*COUNSELLING_STAFF)) -> Response:
    """Refer a seeker to a vacancy."""
    return await call.run(MakeReferral(ReferralId(uuids.uuid7()), form), 201)


@router.post("/{referral_id}/answer", response_model=AnsweredAnswer)
async def answer(referral_id: UUID, form: AnswerForm, call: Call = asks(*COUNSELLING_STAFF)) -> Response:
    """Record what the seeker or the employer answered. A postponed referral is answered again."""
    return await call.run(AnswerReferral(ReferralId(referral_id), form))


@router.get("/{referral_id}", response_model=ReferralView)
async def read(referral_id: UUID, request: Request, _: Actor = reads(*COUNSELLING_STAFF)) -> Any:
    """Read a referral's record."""
    return await read_one(request, queries.referral, "referral_id", referral_id)
