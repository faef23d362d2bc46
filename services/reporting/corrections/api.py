"""Corrections over HTTP."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.batch.owners import NOBODY
from chassis.database.db import Pool, reading
from chassis.days import Day
from chassis.http.access import Door
from chassis.http.calls import Call, asks, reads
from contracts.owners import MANAGER
from contracts.reports import CorrectionReason
from services.reporting.corrections import queries
from services.reporting.corrections.commands import CorrectionForm, CorrectRelease
from services.reporting.readers import READERS
from services.reporting.releases.document import ColumnName, Number

router = APIRouter(prefix="/releases/{day}/corrections", tags=["releases"])


class CorrectedView(BaseModel):
    """A figure of a release as it was told last, and as it is known: null where it divides by nothing.

    `figure` is its address as `/figures` has it (`placed.total`, `retention.3.percent`), with its `column`; of what is
    counted by month the measure (`placed`), with its `month`; of a count in a table the measure with what it is of
    (`placed:occupation=24`, `placed:occupation=24:gender=female`), with its `column`. What a release tells once has
    neither: of a survey `surveys.DAY.score`, of a target `targets.YEAR.MEASURE.reached`.
    """

    figure: str
    column: ColumnName | None
    month: str | None
    published: Number | None
    known: Number | None


class CorrectionView(BaseModel):
    """What became known of a release's figures, told at once; `number` counts the release's corrections from 1.
    `position` is that of the ledger's last event that is known in it."""

    number: int
    corrected_on: date
    position: int
    reason: CorrectionReason | None
    figures: list[CorrectedView]


@router.post("", status_code=201, response_model=CorrectionView)
async def correct(day: Day, form: CorrectionForm, call: Call = asks(Door(MANAGER, NOBODY))) -> Response:
    """Tell what became known of a release's figures since it was published, or last corrected. The release stays as it
    is; by itself each is compared when a later one is published."""
    return await call.run(CorrectRelease(day, form), 201)


@router.get("", response_model=list[CorrectionView])
async def corrections(request: Request, day: Day, _: Actor = reads(Door(READERS, NOBODY))) -> Any:
    """List the corrections that stand beside a release, the first first; none where nothing was released of a day."""
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        found = await queries.corrections(conn, day)
    return [one.view() for one in found]
