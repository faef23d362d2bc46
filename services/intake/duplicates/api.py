"""Duplicates over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from chassis.batch.decisions import Actor
from chassis.batch.owners import EVERYBODY
from chassis.http.access import Door
from chassis.http.calls import Call, asks, reads
from contracts.ids import SeekerId
from contracts.owners import MANAGER, STAFF
from services.intake.access import OWN_SEEKERS
from services.intake.duplicates.commands import MergeForm, MergeSeekers
from services.intake.duplicates.rules import MOST_SHOWN, Reason, likeliest
from services.intake.privacy.looking import looking
from services.intake.seekers import queries
from services.intake.seekers.answers import SeekerLine, refuse_missing

router = APIRouter(prefix="/seekers/{seeker_id}", tags=["duplicates"])


class DuplicateView(SeekerLine):
    """A record that is likely the same person's, and why."""

    reasons: tuple[Reason, ...]


class DuplicatesAnswer(BaseModel):
    """The records that are likely the same person's, the likeliest first."""

    duplicates: list[DuplicateView]
    cut: bool = Field(description="Whether there are more, less likely ones or as likely, that are not listed")


class MergedAnswer(BaseModel):
    """The record that stays, and the one that was given up."""

    seeker_id: UUID
    merged_id: UUID


@router.get("/duplicates", response_model=DuplicatesAnswer)
async def duplicates(seeker_id: UUID, request: Request, reader: Actor = reads(Door(STAFF, OWN_SEEKERS))) -> Any:
    """List the records that are likely the same person's, with the reasons: first those for which all of name, birth
    date and phone speak, then two of them, then the phone alone."""
    async with looking(request, reader, "duplicates") as look:
        found = await queries.seeker(look.conn, seeker_id)
        if found is None:
            raise refuse_missing(seeker_id, await queries.former(look.conn, seeker_id))
        others, more = await queries.perhaps_alike(look.conn, found)
        likely = likeliest(found, others)
        shown = likely[:MOST_SHOWN]
        look.saw([seeker_id])
        look.came_upon(other.seeker_id for other, _ in shown)
    views = [DuplicateView.of(other, reasons=reasons) for other, reasons in shown]
    return {"duplicates": views, "cut": more or len(likely) > MOST_SHOWN}


@router.post("/merge", response_model=MergedAnswer)
async def merge(seeker_id: UUID, form: MergeForm, call: Call = asks(Door(MANAGER, EVERYBODY))) -> Response:
    """Merge another record of the same person into this one. Figures are corrected, and the other id leads here."""
    return await call.run(MergeSeekers(SeekerId(seeker_id), SeekerId(form.merged_id)))
