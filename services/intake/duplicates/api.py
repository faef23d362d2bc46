"""Duplicates over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.calls import Call, asks, reads
from chassis.decisions import Actor
from contracts.ids import SeekerId
from services.intake.duplicates.commands import MergeForm, MergeSeekers
from services.intake.duplicates.rules import Reason, alike
from services.intake.privacy.looking import looking
from services.intake.seekers import queries
from services.intake.seekers.answers import SeekerLine, refuse_missing

router = APIRouter(prefix="/seekers/{seeker_id}", tags=["duplicates"])


class DuplicateView(SeekerLine):
    """A record that is likely the same person's, and why."""

    reasons: tuple[Reason, ...]


class DuplicatesAnswer(BaseModel):
    """The records that are likely the same person's."""

    duplicates: list[DuplicateView]


class MergedAnswer(BaseModel):
    """The record that stays, and the one that was given up."""

    seeker_id: UUID
    merged_id: UUID


@router.get("/duplicates", response_model=DuplicatesAnswer)
async def duplicates(seeker_id: UUID, request: Request, reader: Actor = reads()) -> Any:
    """List the records that are likely the same person's, with the reasons."""
    async with looking(request, reader, "duplicates") as look:
        found = await queries.seeker(look.conn, seeker_id)
        if found is None:
            raise refuse_missing(seeker_id, await queries.former(look.conn, seeker_id))
        likely = [(other, alike(found, other)) for other in await queries.alike(look.conn, found)]
        shown = [DuplicateView.of(other, reasons=reasons) for other, reasons in likely if reasons]
        look.saw([seeker_id])
        look.came_upon(other.seeker_id for other, reasons in likely if reasons)
    return {"duplicates": shown}


@router.post("/merge", response_model=MergedAnswer)
async def merge(seeker_id: UUID, form: MergeForm, call: Call = asks()) -> Response:
    """Merge another record of the same person into this one. Figures are corrected, and the other id leads here."""
    return await call.run(MergeSeekers(SeekerId(seeker_id), SeekerId(form.merged_id)))
