"""SOS-Care over HTTP."""

from datetime import date
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.http.access import Door
from chassis.http.calls import Call, asks, reads
from contracts.ids import SeekerId
from contracts.owners import STAFF
from contracts.seekers import SosCareEnd
from services.intake.access import OWN_SEEKERS
from services.intake.seekers.answers import look_at
from services.intake.sos_care import queries
from services.intake.sos_care.commands import EndSosCare, SosCareEndingForm, TriageForm, TriageSeeker

router = APIRouter(prefix="/seekers/{seeker_id}/sos-care", tags=["sos-care"])


class TriageAnswer(BaseModel):
    """What was decided: the conditions that were met of who is taken in, those that were not of who is declined."""

    triage_id: UUID
    granted: bool
    reasons: list[str]


class EndedAnswer(BaseModel):
    """The day on which SOS-Care ended."""

    seeker_id: UUID
    ended_on: date


class FindingView(BaseModel):
    """What a condition came to, and the facts it was judged on."""

    condition: str
    met: bool
    reason: str
    facts: dict[str, Any]


class TriageView(BaseModel):
    """A decision with its reasons; `policy_from` is the first day of the policy that it was decided by."""

    triage_id: UUID
    occurred_on: date
    granted: bool
    policy_from: date
    findings: list[FindingView]
    ended_on: date | None
    ended_as: SosCareEnd | None


class SosCareView(BaseModel):
    """Whether a seeker is in SOS-Care, and every decision on it, the newest first."""

    seeker_id: UUID
    in_care: bool
    triages: list[TriageView]


@router.post("", status_code=201, response_model=TriageAnswer)
async def triage(seeker_id: UUID, form: TriageForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Decide whether a seeker is taken into SOS-Care. Either decision is recorded with its reasons."""
    return await call.run(TriageSeeker(uuids.uuid7(), SeekerId(seeker_id), form), 201)


@router.post("/ending", response_model=EndedAnswer)
async def end(seeker_id: UUID, form: SosCareEndingForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """End a seeker's SOS-Care. A placement in a private job ends it by itself; where that placement is corrected later,
    it stays ended, and is granted again by another triage."""
    return await call.run(EndSosCare(SeekerId(seeker_id), form))


@router.get("", response_model=SosCareView)
async def read(seeker_id: UUID, request: Request, reader: Actor = reads(Door(STAFF, OWN_SEEKERS))) -> Any:
    """Read what was decided about a seeker's SOS-Care, and why."""
    triages = await look_at(request, reader, "sos_care", queries.triages, seeker_id)
    return {
        "seeker_id": seeker_id,
        "in_care": any(one.granted and one.ended_on is None for one in triages),
        "triages": [
            {
                "triage_id": one.triage_id,
                "occurred_on": one.occurred_on,
                "granted": one.granted,
                "policy_from": one.policy_from,
                "findings": [finding._asdict() for finding in one.findings],
                "ended_on": one.ended_on,
                "ended_as": one.ended_as,
            }
            for one in triages
        ],
    }
