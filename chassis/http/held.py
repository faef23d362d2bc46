"""What is closed to those who are held to their own: commands, single reads and lists, by one rule of a service.

A service says by `ClosedTo` which records are closed to whom. Where it hears whose they are from another service, a no
is given only when it has just read all there was to hear (`closed_as_heard`).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import Request

from chassis.batch.clock import Clock
from chassis.batch.command_batch import Claim, Judge, Verdict
from chassis.batch.decisions import Refused
from chassis.batch.unknown_ids import read_to_end
from chassis.database.db import Connection
from chassis.http.calls import Check, held, problem_of

Pair = tuple[UUID | None, UUID | None]
"""Of whom something is asked, and who asks: the record that they are themselves."""

ClosedTo = Callable[[Connection, Sequence[Pair], date], Awaitable[Mapping[Pair, Refused]]]
"""Tells which of some pairs are closed on a day, and what is answered."""


class HeldTo(NamedTuple):
    """Whose records, if somebody's, a list is held to, on a day."""

    own: UUID | None
    day: date


def closed_as_heard(statement: str, topic: str, refuse: Callable[[UUID], Refused], to_hear: Refused) -> ClosedTo:
    """Give what tells of closed pairs by what was heard on a topic.

    The statement takes the two sides of the pairs and the day; a row of a closed pair has `asked`, `asker`, `key`, by
    which the topic tells of it, and `whose` it is. Where its partition was not just read to its end, the answer is
    `to_hear`: to come again.
    """

    async def closed_to(conn: Connection, pairs: Sequence[Pair], day: date) -> dict[Pair, Refused]:
        rows = await conn.fetch(statement, [asked for asked, _ in pairs], [asker for _, asker in pairs], day)
        heard = await read_to_end(conn, topic, [row["key"] for row in rows]) if rows else set[UUID]()
        return {(row["asked"], row["asker"]): refuse(row["whose"]) if row["key"] in heard else to_hear for row in rows}

    return closed_to


def judge_of(closed_to: ClosedTo, whose: Callable[[Any], UUID], *kinds: type[Any]) -> Judge:
    """Give the judge of commands whose first record of these kinds says whose it is; whoever else a command touches is
    the rule's to speak of."""

    def named(claim: Claim) -> UUID | None:
        touched = zip(claim.asked.command.touches(), claim.states, strict=True)
        state = next((state for ref, state in touched if ref.kind in kinds), None)
        return whose(state) if state is not None else None

    async def judge(conn: Connection, claims: Sequence[Claim], day: date) -> list[Verdict]:
        pairs = [(named(claim), claim.asked.actor.own) for claim in claims]
        closed = await closed_to(conn, pairs, day)
        return [closed.get(pair) for pair in pairs]

    return judge


async def held_to(request: Request, conn: Connection) -> HeldTo | None:
    """Tell what a list is held to for whoever looks; None where they see everybody."""
    if (actor := held(request)) is None:
        return None
    clock: Clock = request.app.state.clock
    return HeldTo(actor.own, (await clock.now(conn)).day)


async def check_open(request: Request, conn: Connection, closed_to: ClosedTo, asked: UUID) -> None:
    """Refuse to show what is closed to whoever looks (raises Problem)."""
    if to := await held_to(request, conn):
        for refused in (await closed_to(conn, [(asked, to.own)], to.day)).values():
            raise problem_of(refused)


def open_to(held: HeldTo | None, condition: str, place: int, **named: str) -> tuple[str, tuple[Any, ...]]:
    """Write a condition of a list: true of everybody where it is held to nobody, otherwise with `{own}`, `{day}` and
    what is `named` filled in. Gives its text, and its arguments from a place on."""
    if held is None:
        return "true", ()
    return condition.format(own=f"${place}::uuid", day=f"${place + 1}::date", **named), held


def owned_by(whose: Callable[[Any], UUID]) -> Check:
    """Give what tells whether a record is the one's own who looks, if they are held to it; it isn't known otherwise."""

    async def check(request: Request, conn: Connection, found: Any) -> bool:
        actor = held(request)
        return actor is None or whose(found) == actor.own

    return check
