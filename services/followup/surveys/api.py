"""Surveys over HTTP, for the city's evaluation office alone."""

import secrets
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.batch.owners import EVERYBODY
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.bulk import BulkAnswer, BulkOptions, take
from chassis.http.bulk_columns import rows_body
from chassis.http.calls import Call, asks, read_one, reads
from chassis.http.cursors import After, Limit, next_place, place
from contracts.ids import SurveyId
from contracts.owners import EVALUATORS
from services.followup.surveys import queries
from services.followup.surveys.commands import (
    AnswerForm,
    AnswerSurvey,
    DrawSurvey,
    HeldSurveyRow,
    RecordHeldSurvey,
    SurveyForm,
)
from services.followup.surveys.model import Survey

MOST_SURVEYS = 10
"""In one request: each publishes an event for each of its answers."""

router = APIRouter(prefix="/surveys", tags=["surveys"])


class DrawnAnswer(BaseModel):
    """The id that was given to a survey, how many persons could be asked, and how many of them are."""

    survey_id: UUID
    eligible: int
    asked: int


class AnsweredAnswer(BaseModel):
    """How many persons of a survey were asked, and how many have answered by now."""

    survey_id: UUID
    asked: int
    answered: int


class SurveyView(DrawnAnswer):
    """A survey, and what its answers come to so far: the `score` is their mean in points, where 1 to 5 are worth 0, 25,
    50, 75 and 100; `percent_satisfied` answered 4 or 5. Both are null without an answer, and where some were given
    before their score was kept."""

    occurred_on: date
    period_from: date
    period_to: date
    answered: int
    score: float | None
    percent_satisfied: float | None


class SurveyPage(BaseModel):
    """Surveys; `next` is what to give as `after` for the following ones, None at the end."""

    surveys: list[SurveyView]
    next: str | None


class InvitationView(BaseModel):
    """A person of a sample, and whether they have answered. Who has `declined` is not to be asked any more: they agree
    to surveys no longer."""

    invitation_id: UUID
    person_id: UUID
    answered: bool
    declined: bool


class SamplePage(BaseModel):
    """Persons of a sample; `next` is what to give as `after` for the following ones, None at the end."""

    invitations: list[InvitationView]
    next: UUID | None


def _shown(survey: Survey) -> dict[str, Any]:
    return {**asdict(survey), "score": survey.score, "percent_satisfied": survey.percent_satisfied}


@router.post("", status_code=201, response_model=DrawnAnswer)
async def draw(form: SurveyForm, call: Call = asks(Door(EVALUATORS, EVERYBODY))) -> Response:
    """Draw a random sample of those served in a period. Nobody is asked by two surveys of one calendar quarter, nor
    who agrees to surveys no longer."""
    return await call.run(DrawSurvey(SurveyId(uuids.uuid7()), form, secrets.token_bytes(16)), 201)


@router.post("/bulk", response_model=BulkAnswer, openapi_extra=rows_body(HeldSurveyRow, MOST_SURVEYS))
async def record_held(
    request: Request, options: BulkOptions, call: Call = asks(Door(EVALUATORS, EVERYBODY, importers=EVALUATORS))
) -> Response:
    """Record surveys that were held before this system was there, each with its answers; rows as for contacts in
    bulk. What they publish is marked as imported."""
    return await take(
        request,
        call,
        options,
        HeldSurveyRow,
        lambda row: RecordHeldSurvey(SurveyId(uuids.uuid7()), row),
        most_rows=MOST_SURVEYS,
    )


@router.get("", response_model=SurveyPage)
async def surveys(
    request: Request,
    limit: Limit = 100,
    after: After = None,
    _: Actor = reads(Door(EVALUATORS, EVERYBODY)),
) -> Any:
    """List the surveys, the newest first."""
    pool: Pool = request.app.state.pool
    from_ = place(after)
    async with reading(pool) as conn:
        found = await queries.surveys(conn, limit, from_)
    return {
        "surveys": [_shown(one) for one in found],
        "next": next_place(found, limit, lambda last: (last.occurred_on, last.survey_id)),
    }


@router.get("/{survey_id}", response_model=SurveyView)
async def read(survey_id: UUID, request: Request, _: Actor = reads(Door(EVALUATORS, EVERYBODY))) -> Any:
    """Read a survey, and what its answers come to so far."""
    return _shown(await read_one(request, queries.survey, "survey_id", survey_id))


@router.get("/{survey_id}/sample", response_model=SamplePage)
async def sample(
    survey_id: UUID,
    request: Request,
    limit: Limit = 100,
    after: UUID | None = None,
    _: Actor = reads(Door(EVALUATORS, EVERYBODY)),
) -> Any:
    """List the persons whom a survey asks, each with the invitation by which intake tells how they are reached. Who was
    erased since is not among them."""
    await read_one(request, queries.survey, "survey_id", survey_id)
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        found = await queries.sample(conn, survey_id, limit, after)
    return {"invitations": found, "next": found[-1]["invitation_id"] if len(found) == limit else None}


@router.post("/{survey_id}/answers", response_model=AnsweredAnswer)
async def answer(survey_id: UUID, form: AnswerForm, call: Call = asks(Door(EVALUATORS, EVERYBODY))) -> Response:
    """Take down what a person of the sample answered, once. What is published doesn't tell who it was."""
    return await call.run(AnswerSurvey(SurveyId(survey_id), form))
