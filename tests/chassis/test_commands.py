"""Each command of each service is answered in a row of `POST /commands/bulk` as it is alone, and asks for the same."""

import json
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import orjson
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from chassis.batch.clock import clock
from chassis.batch.decisions import Actor, Asked
from chassis.batch.group_commit import GroupCommit
from chassis.database.db import Unavailable
from chassis.http.access import method_of
from chassis.http.calls import changes, looks_beside
from chassis.http.revocations import Revoked
from chassis.http.slots import Slots
from chassis.running.service import interface
from services.intake.privacy.registering import registrations_of
from tests.chassis.asking import ask
from tests.chassis.texts_service import ID, NDJSON, Decides
from tests.kit.operations import operations_of
from tests.test_parameters import BLUEPRINTS

WRONG = (None, 10**30, float("nan"), "\x00", [], "x" * 9999)


class _Away:
    """What needs the database, which is away."""

    def __getattr__(self, name: str) -> Any:
        raise Unavailable("the database is away")


class _Named:
    """Takes the role that a token names."""

    def knows(self, authorization: str) -> bool:
        return True

    async def actor(self, authorization: str) -> Actor:
        return Actor(authorization.removeprefix("Bearer "), "test", ID)


def _service(blueprint: Any) -> tuple[FastAPI, Decides]:
    decides = Decides()
    made = interface(
        blueprint,
        verifier=_Named(),
        group_commit=GroupCommit(decides),  # pyright: ignore[reportArgumentType]
        handler=decides,
        pool=_Away(),
        record_batches=_Away(),
        revoked=Revoked(),
        slots=Slots(9, 9),
        clock=clock("simulated"),
    )
    return made, decides


def _forms(app: FastAPI, raw: Any, *, spoil: bool) -> Iterator[Any]:
    """The forms of an operation that its OpenAPI shows, and what a client may make of them by mistake."""
    schema = raw.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    wrong = cycle(WRONG)
    named = app.openapi()["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], {})
    for example in named.get("examples", [None if "requestBody" not in raw else {}]):
        yield example
        if not spoil:
            continue
        for name in example or ():
            yield {other: example[other] for other in example if other != name}
            yield {**example, name: next(wrong)}
        yield {**(example or {}), "unknown": 1}


@pytest.fixture(autouse=True)
def no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uuid_utils.compat.uuid7", lambda: ID)
    monkeypatch.setattr("secrets.token_bytes", bytes)


@pytest.mark.parametrize("blueprint", BLUEPRINTS, ids=lambda blueprint: blueprint.name)
async def test_each_command_of_each_service_is_answered_in_a_row_as_alone(blueprint: Any) -> None:
    routes = {(route.path, method_of(route)): route for route in _service(blueprint)[0].routes if _is_command(route)}
    assert routes
    for operation in operations_of(_service(blueprint)[0].openapi()):
        if (operation.path, operation.method.upper()) not in routes:
            continue
        raw: Any = operation.definition.raw
        path = operation.path.format_map(_Filled())
        app, decides = _service(blueprint)
        bulk, decides_in_bulk = _service(blueprint)
        for role in (*raw["x-roles"], "nobody"):
            for form in _forms(app, raw, spoil=role == raw["x-roles"][0]):
                body = b"" if form is None else _dumps(form)
                headers = {"authorization": role, "idempotency-key": "k-1:1", "if-match": '"1"'}
                alone = await ask(app, operation.method.upper(), path, body=body, headers=headers)
                row = {"method": operation.method.upper(), "path": path, "body": form, "if_match": '"1"', "token": role}
                door = {**NDJSON, "authorization": "operator"}
                sent = await ask(bulk, "POST", "/commands/bulk", body=_dumps(row), headers=door)
                (answer,) = orjson.loads(sent.body)["rows"]
                assert (answer["status"], answer["body"]) == (alone.status, orjson.loads(alone.body)), row
                assert [_decided(one) for one in decides.asked] == [_decided(one) for one in decides_in_bulk.asked]
                decides.batches.clear()
                decides_in_bulk.batches.clear()


def _decided(one: Asked) -> Any:
    key: Any = one.key
    return repr(one.command), one.actor, one.imported, one.owner, key.caller, key.key


def _dumps(form: Any) -> bytes:
    return json.dumps(form, separators=(",", ":"), ensure_ascii=False).encode()


class _Filled(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "7" if name in {"letter_id", "unsent_id"} else str(ID)


def _is_command(route: Any) -> bool:
    return isinstance(route, APIRoute) and changes(route) and not route.path.endswith("/bulk")


def test_what_a_command_is_given_beside_its_form_is_its_call_and_what_is_known_to_look_at_nothing() -> None:
    given = {
        dependency.call
        for blueprint in BLUEPRINTS
        for route in _service(blueprint)[0].routes
        if isinstance(route, APIRoute) and _is_command(route) and not looks_beside(route)
        for dependency in route.dependant.dependencies
    }
    assert {call for call in given if call.__module__ != "chassis.http.calls"} == {registrations_of}
