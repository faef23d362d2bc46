"""One call of an interface: who asks, under which Idempotency-Key, and the answer to a command.

An endpoint declares with `asks` that it changes something or with `reads` that it looks, makes the command, and returns
`await call.run(command)`. Who may use it says its door, which it declares with it.
"""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from inspect import isclass
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import Request, Response
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from chassis.batch.command_batch import CommandHandler
from chassis.batch.decisions import Accepted, Actor, Asked, Failed, IdempotencyKey, ImportedRow, Key, Outcome, Refused
from chassis.batch.group_commit import GroupCommit
from chassis.batch.in_turn import InTurn
from chassis.database.db import Connection, reading
from chassis.http.access import Door, Through, door_of
from chassis.http.answers import json_answer
from chassis.http.auth import NotAllowed
from chassis.http.problem_responses import Problem
from chassis.http.request_texts import check_address, check_key
from chassis.problems import INTERNAL, KEY_MISSING, UNKNOWN_ID, UNKNOWN_PARAMETER
from chassis.stream.cloudevents import trace

LONGEST_KEY = 200
PORTION = 1_000
"""Rows of a bulk request in a transaction."""
DECIDED_BY = "decided_by"
"""Where a request that is a row of another has what decides its command, together with those of other rows."""

_Found = TypeVar("_Found")


class RowName(NamedTuple):
    """The name that a row of a bulk request gives itself, and what it says: in the end a hash of that."""

    ref: str
    says: bytes

    def within(self, where: bytes) -> "RowName":
        """Give the name with a hash of what the row says at an address: the same row elsewhere is another request."""
        return RowName(self.ref, hashlib.sha256(where + b"\n" + self.says).digest())


BeforeTelling = Callable[[Request, Actor, list[Outcome], int], Awaitable[list[Outcome]]]
"""Takes down what outcomes tell of whom (`Refused.tells_of`) before their asker sees them, and how many commands were
only tried out; gives the outcomes that are to be told."""


class Call:
    """A change that someone asks for over HTTP."""

    def __init__(self, request: Request, actor: Actor, key: IdempotencyKey) -> None:
        state = request.app.state
        self._decided_by: GroupCommit | InTurn = request.scope.get(DECIDED_BY) or state.group_commit
        self._handler: CommandHandler = state.handler
        self.actor = actor
        self._before_telling: BeforeTelling | None = getattr(state, "before_telling", None)
        self._request = request
        self._owner = door_of(request.scope["route"]).held(actor.role)
        self._key = key
        # Both go into events that are kept for ever, so neither may be a text that a client made up.
        self._request_id = str(uuids.uuid7())
        self.correlation_id = _uuid(request.headers.get("x-correlation-id")) or self._request_id
        self._traceparent = trace(request.headers.get("traceparent"))

    def key_of(self, row: int) -> str:
        """Give the Idempotency-Key of a row that has none of its own, by its number."""
        return f"{self._key.key}:{row}"

    async def run(self, command: Any, status: int = 200) -> Response:
        """Have a command decided and kept; gives its answer, or raises the Problem it came to."""
        asked = Asked(
            command,
            self.actor,
            self.correlation_id,
            self._request_id,
            self._key,
            owner=self._owner,
            traceparent=self._traceparent,
        )
        outcome = await self._decided_by.submit(asked)
        if self._before_telling is not None and isinstance(outcome, Refused) and outcome.tells_of:
            (outcome,) = await self._before_telling(self._request, self.actor, [outcome], 0)
        if isinstance(outcome, Accepted):
            return json_answer({**outcome.answer, **outcome.once}, status)
        raise problem_of(outcome)

    async def run_rows(
        self,
        commands: Sequence[Any],
        names: Sequence[RowName | None],
        *,
        imported: bool = False,
        import_name: str | None = None,
        dry_run: bool = False,
    ) -> list[Outcome]:
        """Have the rows of a bulk request decided together, so many in a transaction that others are kept neither from
        their records nor from this process for long. Where one can't be kept, those before it are, and are known by
        their keys when all are asked for again.

        Each row has a key of its own: its name within the import that brings it; or else one made from the call's, with
        its name, if it has one, or its place. A dry run knows no keys and keeps nothing.
        """
        asked = [
            Asked(
                command,
                self.actor,
                self.correlation_id,
                self._request_id,
                None if dry_run else self._row_key(row, name, import_name),
                imported,
                self._owner,
                self._traceparent,
            )
            for row, (command, name) in enumerate(zip(commands, names, strict=True))
        ]
        if dry_run:
            outcomes = await self._handler.try_out(asked)
        else:
            portions = (asked[start : start + PORTION] for start in range(0, len(asked), PORTION))
            outcomes = [outcome for portion in portions for outcome in await self._handler.run(portion)]
        if self._before_telling is None:
            return outcomes
        return await self._before_telling(self._request, self.actor, outcomes, len(asked) if dry_run else 0)

    def _row_key(self, row: int, name: RowName | None, import_name: str | None) -> Key:
        if name is not None and import_name is not None:
            return ImportedRow(import_name, self._request.scope["route"].path, name.ref, name.says)
        if name is None:
            return IdempotencyKey(self._key.caller, self.key_of(row), self._key.request_hash)
        return IdempotencyKey(self._key.caller, f"{self._key.key}:ref:{name.ref}", name.says)


def _uuid(text: str | None) -> str | None:
    try:
        return str(UUID(text)) if text else None
    except ValueError:
        return None


def problem_of(outcome: Outcome) -> Problem:
    """Say a refusal or failure in HTTP's terms."""
    if isinstance(outcome, Refused):
        return Problem(outcome.problem, outcome.detail, outcome.field, facts=dict(outcome.facts))
    assert isinstance(outcome, Failed)
    return Problem(INTERNAL, "the request could not be handled; nothing of it was kept")


def _actor(request: Request) -> Actor:
    """Give who asks, as the token told before anything of the request was read (raises NotAllowed)."""
    actor: Actor = request.scope["actor"]
    door = door_of(request.scope["route"])
    if actor.role not in door.roles:
        raise NotAllowed(actor, door.roles)
    return actor


async def _call(request: Request) -> Call:
    actor = _actor(request)
    _check_parameters(request)
    key = request.headers.get("idempotency-key", "")
    if not key or len(key) > LONGEST_KEY:
        raise Problem(
            KEY_MISSING,
            f"send a header Idempotency-Key of 1 to {LONGEST_KEY} characters, a new one for each new request",
            "Idempotency-Key",
        )
    check_key(key)
    asked = hashlib.sha256(request.scope["path"].encode())
    asked.update(request.scope["query_string"])
    asked.update(await request.body())
    return Call(request, actor, IdempotencyKey(str(actor), key, asked.digest()))


def asks(door: Door) -> Any:
    """Declare an endpoint that changes something: its door, that it needs an Idempotency-Key, and that it takes no
    parameters but those it declares."""
    return Through(_call, door=door)


def changes(route: APIRoute) -> bool:
    """Whether an endpoint changes something, under an Idempotency-Key."""
    return any(dependency.call is _call for dependency in route.dependant.dependencies)


def looks_beside(route: APIRoute) -> bool:
    """Whether an endpoint may do more than have its command decided: it takes the request itself, by which alone it
    finds the service's records."""
    return route.dependant.request_param_name is not None


def _parameters(dependant: Dependant) -> set[str]:
    own = (_named(parameter) for parameter in dependant.query_params)
    return set[str]().union(*own, *map(_parameters, dependant.dependencies))


def _named(parameter: ModelField) -> set[str]:
    """Give the name of a parameter, or the names of all that a model of parameters has."""
    kind = parameter.field_info.annotation
    return set(kind.model_fields) if isclass(kind) and issubclass(kind, BaseModel) else {parameter.alias}


def _check_parameters(request: Request) -> None:
    """Refuse texts that aren't taken, and parameters that an endpoint doesn't declare: it would give the whole where a
    part was asked for, or do what was only to be tried."""
    check_address(request)
    if not request.scope["query_string"]:
        return
    known = _parameters(request.scope["route"].dependant)
    taken = f"it takes {', '.join(sorted(known))}" if known else "it takes none"
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        raise Problem(
            UNKNOWN_PARAMETER,
            f"{', '.join(unknown)}: no parameter of this address; {taken}",
            errors=[{"field": name, "reason": f"no parameter of this address; {taken}"} for name in unknown],
        )


async def _reader(request: Request) -> Actor:
    actor = _actor(request)
    _check_parameters(request)
    return actor


def reads(door: Door) -> Any:
    """Declare an endpoint that only looks, through a door, and takes no parameters but those it declares."""
    return Through(_reader, door=door)


def held(request: Request) -> Actor | None:
    """Give who looks, where they are held to what is their own."""
    actor: Actor = request.scope["actor"]
    return actor if door_of(request.scope["route"]).held(actor.role) else None


def refuse_unknown(field: str, asked: UUID) -> Problem:
    """Say that an id isn't known: also of what is hidden from whoever asks."""
    return Problem(UNKNOWN_ID, f"{field} {asked} is not known here", field)


Check = Callable[[Request, Connection, Any], Awaitable[bool]]
"""Looks whose a record is that was found: raises the Problem that it is another's, or tells that it isn't known."""


async def read_one(
    request: Request,
    query: Callable[[Connection, UUID], Awaitable[_Found | None]],
    field: str,
    asked: UUID,
    check: Check | None = None,
) -> _Found:
    """Read the record that an id names; raises Problem `unknown-id`, which names the field, when there is none, or none
    that whoever looks is to know of."""
    async with reading(request.app.state.pool) as conn:
        found = await query(conn, asked)
        if found is None or (check and not await check(request, conn, found)):
            raise refuse_unknown(field, asked)
    return found
