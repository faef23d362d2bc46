"""HTTP for revocations. What was decided holds in this process at once, elsewhere as soon as it is heard of."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.batch.owners import NOBODY
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.calls import Call, asks, reads
from chassis.http.cursors import Limit
from chassis.http.revocations import Revoked
from contracts.owners import MANAGER
from services.intake.revocations import queries
from services.intake.revocations.commands import LiftingForm, LiftRevocation, RevocationForm, RevokeSubject

router = APIRouter(prefix="/revocations", tags=["revocations"])


class RevocationAnswer(BaseModel):
    """The subject that was revoked, or is taken again."""

    subject: str


class RevocationView(BaseModel):
    """Whose tokens are taken no more: why, since when, and who decided it."""

    subject: str
    reason: str
    revoked_at: datetime
    actor_role: str
    actor_id: str


class RevocationPage(BaseModel):
    """Revocations by subject; `next` leads to those that follow."""

    revocations: list[RevocationView]
    next: str | None


@router.post("", status_code=201, response_model=RevocationAnswer)
async def revoke(form: RevocationForm, request: Request, call: Call = asks(Door(MANAGER, NOBODY))) -> Response:
    """Have no service take a subject's tokens any more: intake at once, the others within 15 s."""
    answer = await call.run(RevokeSubject(form), 201)
    await _read_anew(request)
    return answer


@router.post("/lifting", response_model=RevocationAnswer)
async def lift(form: LiftingForm, request: Request, call: Call = asks(Door(MANAGER, NOBODY))) -> Response:
    """Have a subject's tokens taken again."""
    answer = await call.run(LiftRevocation(form))
    await _read_anew(request)
    return answer


async def _read_anew(request: Request) -> None:
    revoked: Revoked = request.app.state.revoked
    await revoked.read(request.app.state.pool)


@router.get("", response_model=RevocationPage)
async def list_revocations(
    request: Request,
    limit: Limit = 100,
    after: Annotated[str | None, Query(max_length=100, description="The `next` of the page before")] = None,
    _: Actor = reads(Door(MANAGER, NOBODY)),
) -> Any:
    """List whose tokens are taken no more."""
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        found = await queries.revocations(conn, limit, after)
    return {
        "revocations": [
            {
                "subject": one.subject,
                "reason": one.reason,
                "revoked_at": one.revoked_at,
                "actor_role": one.actor.role,
                "actor_id": one.actor.id,
            }
            for one in found
        ],
        "next": found[-1].subject if len(found) == limit else None,
    }
