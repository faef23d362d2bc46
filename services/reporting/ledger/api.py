"""The ledger over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.batch.decisions import Actor
from chassis.batch.owners import EVERYBODY
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.answers import json_answer
from chassis.http.auth import NotAllowed
from chassis.http.calls import reads
from chassis.http.problem_responses import Problem
from chassis.problems import UNKNOWN_ID
from chassis.texts import Line
from services.reporting.access import SURVEYS
from services.reporting.ledger import queries
from services.reporting.readers import EVALUATOR, PROVERS, readers_of_event

MOST_GAPS = 1_000
LARGEST_POSITION = 2**63 - 1

router = APIRouter(prefix="/ledger", tags=["ledger"])


@router.get("/gaps")
async def gaps(request: Request, _: Actor = reads(Door(("operator", "analyst"), EVERYBODY))) -> Response:
    """List the numbers missing from the dense sequences of events, what was published but not received here: the first
    thousand ranges, and how many there are in all."""
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        return json_answer({"gaps": await queries.gaps(conn, MOST_GAPS), "in_all": await queries.count_gaps(conn)})


class Published(BaseModel):
    """Up to which number a source has published events of each key of a topic."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "source": "/jobplus/intake",
                    "topic": "jobplus.firms",
                    "sequences": {"0190c0de-0000-7000-8000-000000000001": 2},
                }
            ]
        },
    )

    source: Line
    topic: Line
    sequences: dict[Line, Annotated[int, Field(ge=1, le=2**53)]] = Field(max_length=500)


@router.post("/missing")
async def missing(body: Published, request: Request, _: Actor = reads(Door(("operator",), EVERYBODY))) -> Response:
    """List what of that isn't in the ledger, also what nothing has come after: the first thousand."""
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        found = await queries.missing(conn, body.source, body.topic, body.sequences, MOST_GAPS)
    return json_answer({"missing": found})


@router.get("/{position}")
async def entry(
    position: Annotated[int, Path(ge=1, le=LARGEST_POSITION)],
    request: Request,
    actor: Actor = reads(Door((*PROVERS, EVALUATOR), SURVEYS)),
) -> Response:
    """Show an event as it stands in the ledger. Surveys are shown to the evaluation office, which sees nothing else;
    what was answered to them is shown to nobody else."""
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        found = await queries.entry(conn, position)
    if found is None:
        raise Problem(UNKNOWN_ID, f"the ledger has no position {position}", "position")
    allowed = readers_of_event(found["topic"], found["type"])
    if actor.role not in allowed:
        raise NotAllowed(actor, allowed)
    return json_answer(found)
