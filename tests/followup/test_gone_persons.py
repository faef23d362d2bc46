"""Someone who is erased in the batch that tells of them: nothing of it stays, whichever table would keep it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import uuid_utils.compat as uuids

from chassis.batch.clock import SimulatedClock
from chassis.batch.command_batch import CommandHandler
from chassis.batch.decisions import Accepted, Actor, Asked
from chassis.batch.wiring import wired
from chassis.database.db import prepare_connection
from contracts.event import Event
from contracts.ids import SurveyId
from services.followup.bootstrap import blueprint
from services.followup.settings import FollowupSettings
from services.followup.surveys.commands import DrawSurvey, NoteServed, SurveyForm
from tests.followup.care import Care
from tests.kit.events import (
    assigned,
    consented,
    erased,
    internship_started,
    merged,
    opened,
    placed_in_public_works,
    referral,
    referral_answered,
    session,
)

SERVED_ON = date(1850, 2, 1)
"""A day on which nobody else was served."""

MARKS = {"erased_person", "public_job"}
"""What stays, so that an old event brings nobody back."""

Decide = Callable[[Sequence[Any]], Awaitable[None]]


@pytest.fixture
async def conn(care: Care) -> AsyncIterator[Any]:
    conn = await asyncpg.connect(care.stack.database_url("followup"))
    await prepare_connection(conn)
    yield conn
    await conn.close()


@pytest.fixture
def decide(conn: Any) -> Decide:
    """Decide as one batch in one transaction what is asked, and what follows from events."""
    made = blueprint(FollowupSettings.model_construct())
    unused: Any = None
    deciders = wired(made.deciders, made.stores, made.doers)
    handler = CommandHandler(made.stores, deciders, SimulatedClock(), unused, doers=made.doers)

    async def batch(told: Sequence[Any]) -> None:
        commands = [
            command
            for one in told
            for command in (
                [c for s in made.subscriptions if s.event is type(one) for c in s.policy(one)]
                if isinstance(one, Event)
                else [one]
            )
        ]
        cause = str(uuids.uuid7())
        async with conn.transaction():
            outcomes = await handler.handle(conn, [Asked(c, Actor("system", "test"), cause, cause) for c in commands])
        assert {type(outcome) for outcome in outcomes} == {Accepted}, outcomes

    return batch


async def _kept(conn: Any, persons: Sequence[UUID]) -> tuple[set[str], set[str]]:
    """Give the tables that hold persons' ids, and those of them that hold one of these."""
    found = await conn.fetch(
        """SELECT table_name, array_agg(column_name::text) AS names FROM information_schema.columns
           WHERE table_schema = 'public' AND column_name IN ('seeker_id', 'person_id', 'merged_id')
           GROUP BY table_name"""
    )
    held: set[str] = set()
    for table, names in found:
        of_them = " OR ".join(f"{name} = ANY($1)" for name in names)
        if await conn.fetchval(f"SELECT EXISTS (SELECT FROM {table} WHERE {of_them})", persons):
            held.add(table)
    return {table for table, _ in found}, held


def _everything(care: Care, person: UUID, given_up: UUID, served_on: date) -> list[Any]:
    """All that is heard of a person and asked about them, so that each table has a row of theirs."""
    today = care.today()
    return [
        DrawSurvey(
            SurveyId(uuids.uuid7()),
            SurveyForm(asked=1, period_from=served_on, period_to=served_on, occurred_on=served_on),
            b"secret",
        ),
        assigned(person, uuids.uuid7(), today),
        opened(person, uuids.uuid7(), today),
        session(person, today),
        referral(person, today),
        referral_answered(referral(person, today), today, "accepted"),
        internship_started(person, today),
        consented(person, today, given=False),
        merged(person, given_up, today),
        placed_in_public_works(person, today - timedelta(days=70)),
    ]


@pytest.mark.parametrize("gone", [False, True])
async def test_nothing_that_a_batch_keeps_of_a_person_outlives_their_erasure_in_it(
    care: Care, conn: Any, decide: Decide, gone: bool
) -> None:
    person, given_up = uuids.uuid7(), uuids.uuid7()
    served_on = SERVED_ON + timedelta(days=gone)
    await decide([NoteServed(person, served_on)])
    told = _everything(care, person, given_up, served_on)
    if gone:
        told += [erased(person, care.today()), erased(given_up, care.today())]
    await decide(told)
    tables, held = await _kept(conn, [person, given_up])
    assert held == (MARKS if gone else tables - {"erased_person"})
