"""Work lists over HTTP. Seekers are named by their ids alone."""

from collections.abc import Sequence
from datetime import date
from typing import Any, get_args
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel

from chassis.batch.clock import Clock
from chassis.batch.decisions import Actor
from chassis.batch.owners import EVERYBODY
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.calls import held, reads
from chassis.http.cursors import After, Limit, next_place, place
from chassis.http.problem_responses import Problem
from chassis.problems import ProblemType
from contracts import refusals
from contracts.owners import STAFF
from services.followup.access import OWN_DESK
from services.followup.work_list import queries
from services.followup.work_list.model import Entry, Limits, Task

NOT_ONESELF = ProblemType(*refusals.NOT_ONESELF)

router = APIRouter(tags=["work list"])


class EntryView(BaseModel):
    """Something to do for a seeker.

    `about` is the contact to make, the referral to ask about, the seeker to get in touch with, the support to give, or
    the placement whose employment has ended. `days` have passed since `since`: the contact's day, the referral's, when
    the seeker was last served or assigned, the support's day, or the employment's last.
    """

    task: Task
    seeker_id: UUID
    about: UUID
    since: date
    days: int


class CountsView(BaseModel):
    """How much there is to do in all, by task."""

    make_contact: int
    ask_for_answer: int
    get_in_touch: int
    give_support: int
    find_new_job: int


class NobodysView(BaseModel):
    """What is on nobody's list; `next` is what to give as `after` for what follows, None at the end."""

    day: date
    entries: list[EntryView]
    next: str | None


class WorkListView(NobodysView):
    """A counsellor's work list; `next` is what to give as `after` for what follows, None at the end."""

    counsellor_id: UUID
    counts: CountsView


@router.get("/counsellors/{counsellor_id}/work-list", response_model=WorkListView)
async def work_list(
    counsellor_id: UUID,
    request: Request,
    limit: Limit = 100,
    after: After = None,
    actor: Actor = reads(Door(STAFF, OWN_DESK)),
) -> Any:
    """List what a counsellor has to do, what has been urgent for longest before the rest.

    A counsellor reads their own, a manager any.
    """
    if held(request) and actor.own != counsellor_id:
        raise Problem(NOT_ONESELF, "the token's counsellor is another, or none", "counsellor_id")
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    limits: Limits = request.app.state.work_list_limits
    from_ = place(after)
    async with reading(pool) as conn:
        day = (await clock.now(conn)).day
        found = await queries.entries(conn, counsellor_id, day, limits, limit, from_)
        counts = await queries.counts(conn, counsellor_id, day, limits)
    return {
        "counsellor_id": counsellor_id,
        "counts": {task: counts[task] for task in get_args(Task)},
        **_page(found, day, limit),
    }


@router.get("/work-list", response_model=NobodysView)
async def nobodys(
    request: Request,
    limit: Limit = 100,
    after: After = None,
    _: Actor = reads(Door(STAFF, EVERYBODY)),
) -> Any:
    """List the contacts, supports and new jobs to find that are on no counsellor's list, the earliest first: of seekers
    whose counsellor has left, or who have none. Whoever is there does them."""
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    limits: Limits = request.app.state.work_list_limits
    from_ = place(after)
    async with reading(pool) as conn:
        day = (await clock.now(conn)).day
        found = await queries.nobodys(conn, day, limits, limit, from_)
    return _page(found, day, limit)


def _page(found: Sequence[Entry], day: date, limit: int) -> dict[str, Any]:
    return {
        "day": day,
        "entries": [
            {
                "task": entry.task,
                "seeker_id": entry.seeker_id,
                "about": entry.about,
                "since": entry.since,
                "days": (day - entry.since).days,
            }
            for entry in found
        ],
        "next": next_place(found, limit, lambda last: (last.urgent_on, last.about)),
    }
