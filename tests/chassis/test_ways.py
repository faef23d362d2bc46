"""Our way from a request to an endpoint and FastAPI's own give the same: status, headers, body, and what is asked for.

Each route of each service gets requests that fit its OpenAPI and requests that don't, and of each body what a client
may make of it by mistake.
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import pytest
import requests
from fastapi import APIRouter, FastAPI, Query, Response
from pydantic import BaseModel, Field
from schemathesis import APIOperation, Case, GenerationMode

from chassis.batch.clock import clock
from chassis.batch.decisions import Accepted, Actor, Asked, Outcome
from chassis.batch.owners import NOBODY
from chassis.database.db import Unavailable
from chassis.http import app as http
from chassis.http.access import Door
from chassis.http.calls import reads
from chassis.http.slots import COSTLY, Slots
from chassis.http.ways import Ways, has_way
from chassis.running.service import interface
from tests.chassis.asking import ask
from tests.kit.operations import draw_each, operations_of
from tests.test_parameters import BLUEPRINTS, _Named

DOOR = Door(("manager",), NOBODY)

EACH = 4
"""So many requests of each kind are drawn for an operation."""
WRONG = (None, True, 0, -1.5, 10**30, float("nan"), "", " ", "\ud800", "１", "2026-02-30", [], {}, "x" * 9999)
ID = UUID("0190c0de-0000-7000-8000-000000000003")


class _Records:
    """Stands where commands are decided: keeps what is asked for, and answers with it."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []

    async def submit(self, asked: Asked) -> Outcome:
        self.asked.append(asked)
        return Accepted(answer={"asked": repr(asked.command), "key": repr(asked.key), "version": 2})

    async def run(self, asked: Sequence[Asked]) -> list[Outcome]:
        return [await self.submit(one) for one in asked]

    try_out = run


class _Away:
    """What needs the database, which is away."""

    def __getattr__(self, name: str) -> Any:
        raise Unavailable("the database is away")


class _Sent(NamedTuple):
    """A request."""

    method: str
    path: str
    query: str
    body: bytes
    headers: dict[str, str]


class _Pair:
    """A service's app twice: by our ways, and by FastAPI's own routes alone."""

    def __init__(self, make: Callable[..., FastAPI]) -> None:
        self._records = _Records(), _Records()
        self.ours, self._theirs = (
            make(
                verifier=_Named(),
                group_commit=one,
                handler=one,
                pool=_Away(),
                record_batches=_Away(),
                revoked=_Away(),
                slots=Slots(9, 9),
                clock=clock("simulated"),
            )
            for one in self._records
        )
        assert isinstance(self.ours.router.middleware_stack, Ways)
        self._theirs.router.middleware_stack = self._theirs.router.app

    async def compare(self, sent: _Sent) -> int:
        """Send a request to both, compare, and give the status."""
        async with asyncio.timeout(5):
            answers = [
                await ask(app, sent.method, sent.path, query=sent.query, body=sent.body, headers=sent.headers)
                for app in (self.ours, self._theirs)
            ]
        ours, theirs = [(answer.status, list(answer.headers.items()), answer.body) for answer in answers]
        assert ours == theirs, sent
        asked = [
            [(one.command, one.actor, one.key, one.imported, one.owner) for one in each.asked] for each in self._records
        ]
        assert asked[0] == asked[1], sent
        for each in self._records:
            each.asked.clear()
        return ours[0]


@pytest.fixture(autouse=True)
def no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn by chance is always the same, so that two answers are."""
    monkeypatch.setattr("uuid_utils.compat.uuid7", lambda: ID)
    monkeypatch.setattr("secrets.token_bytes", bytes)


def _spoiled(body: bytes) -> Iterator[bytes]:
    """What a client may make of a body by mistake."""
    yield b""
    yield body[:-1]
    yield b"\xef\xbb\xbf" + body
    yield body.decode().encode("utf-16")
    yield body.replace(b'"', b"'")
    yield b"[" + body + b"]"
    yield b"null"
    yield body + b" x"
    form = json.loads(body)
    if not isinstance(form, dict):
        return
    for name in form:
        for value in WRONG:
            yield json.dumps({**form, name: value}).encode()
        yield json.dumps({other: form[other] for other in form if other != name}).encode()
        yield body[:-1] + b"," + json.dumps(name).encode() + b":7}"
    yield json.dumps({**form, "unknown": 1}).encode()
    yield json.dumps(form, ensure_ascii=False).encode("cp949", "replace")
    yield body.replace(b":", b" : ").replace(b",", b"\n,")


def _requests(case: Case, roles: Sequence[str], examples: Sequence[Any], spoil: bool) -> Iterator[_Sent]:
    arguments = case.as_transport_kwargs(base_url="http://localhost")
    prepared = requests.Request(
        arguments["method"], arguments["url"], params=arguments.get("params"), json=arguments.get("json"),
        data=arguments.get("data"),
    ).prepare()  # fmt: skip
    path, _, query = str(prepared.path_url).partition("?")
    body = prepared.body if isinstance(prepared.body, bytes) else (prepared.body or "").encode()
    raw: Any = case.operation.definition.raw
    kind = case.media_type or "application/json"
    if case.path.endswith("/bulk") and spoil:
        kind = "application/x-ndjson"
        body = raw["requestBody"]["content"][kind]["example"].encode()
    headers = {"authorization": roles[0], "idempotency-key": "k-1", "if-match": '"1"', "content-type": kind}
    whole = _Sent(case.method, path, query, body, headers)
    yield whole
    if not spoil:
        return
    yield whole._replace(query="")
    yield whole._replace(headers={**headers, "authorization": "nobody"})
    yield whole._replace(headers={"authorization": roles[0]})
    for role in roles[1:]:
        yield whole._replace(headers={**headers, "authorization": role})
    for example in examples:
        yield whole._replace(body=json.dumps(example).encode(), query="")
    yield whole._replace(headers={**headers, "idempotency-key": "x" * 300})
    yield whole._replace(headers={**headers, "if-match": "1"})
    yield whole._replace(query="limit=1&limit=2")
    yield whole._replace(query="unknown=1")
    yield whole._replace(path=path + "/")
    yield whole._replace(path=path + "%00")
    yield whole._replace(method="HEAD" if case.method == "GET" else "PATCH")
    for kind in (
        "application/json; charset=euc-kr",
        "APPLICATION/JSON",
        "application/x-ndjson",
        "application/problem+json",
        "",
    ):
        yield whole._replace(headers={**headers, "content-type": kind})
    for wrong in _spoiled(body) if body and kind == "application/json" else ():
        yield whole._replace(body=wrong)


def _examples(app: FastAPI, operation: APIOperation) -> Sequence[Any]:
    """Give the forms of an operation that its OpenAPI shows."""
    content = operation.definition.raw.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    _, _, name = schema.get("$ref", "").rpartition("/")
    return app.openapi()["components"]["schemas"].get(name, {}).get("examples", ())


def _drawn(operation: APIOperation, mode: GenerationMode) -> list[Case]:
    cases: list[Case] = []
    draw_each(operation, mode, EACH, 1, cases.append)
    return cases


@pytest.mark.parametrize("blueprint", BLUEPRINTS, ids=lambda blueprint: blueprint.name)
async def test_each_route_answers_as_fastapi_does(blueprint: Any) -> None:
    pair = _Pair(lambda **state: interface(blueprint, **state))
    for operation in operations_of(pair.ours.openapi()):
        roles = operation.definition.raw["x-roles"]
        examples = _examples(pair.ours, operation)
        statuses: list[int] = []
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            for number, case in enumerate(_drawn(operation, mode)):
                for sent in _requests(case, roles, examples, spoil=number == 0):
                    statuses.append(await pair.compare(sent))
        assert 500 not in statuses, operation.label
        assert any(status < 300 or status == 503 for status in statuses), f"{operation.label} was never reached"


class _View(BaseModel):
    """What a read gives."""

    seeker_id: UUID
    day: date | None = None
    share: Decimal = Decimal("0.50")
    kind: str | None = Field(None, serialization_alias="type")


def _reads(**state: Any) -> FastAPI:
    """A service whose reads give what an endpoint may give."""
    router = APIRouter()

    @router.get("/model/{number}")
    async def model(number: int, response: Response, _: Actor = reads(DOOR)) -> _View:
        response.headers["ETag"] = f'"{number}"'
        return _View(seeker_id=ID)

    @router.get("/model/mine")
    async def mine(_: Actor = reads(DOOR)) -> dict[str, int]:
        return {}

    @router.get("/dict", response_model=_View, dependencies=[COSTLY])
    async def dict_(day: date | None = None, _: Actor = reads(DOOR)) -> Any:
        return {"seeker_id": str(ID), "day": day, "more": 1}

    @router.get("/said", response_model=_View, response_model_exclude_unset=True)
    @router.get("/without", response_model=_View, response_model_exclude={"day"}, response_model_exclude_defaults=True)
    @router.get("/some", response_model=_View, response_model_include={"day"}, response_model_exclude_none=True)
    @router.get("/alias", response_model=_View, response_model_by_alias=False)
    async def some(_: Actor = reads(DOOR)) -> Any:
        return {"seeker_id": ID, "share": Decimal("0.50"), "kind": "x"}

    @router.get("/list")
    async def list_(limit: Annotated[int, Query(ge=1)] = 3, _: Actor = reads(DOOR)) -> list[_View]:
        return [_View(seeker_id=ID, day=date(2010, 1, 28))] * limit

    @router.get("/bare", response_model=None)
    async def bare(_: Actor = reads(DOOR)) -> Any:
        return {"day": date(2010, 1, 28), "share": Decimal("0.50"), "name": "김", "id": ID}

    @router.get("/empty", status_code=204)
    async def empty(_: Actor = reads(DOOR)) -> Response:
        return Response(status_code=204)

    @router.get("/wrong", response_model=_View)
    async def wrong(_: Actor = reads(DOOR)) -> Any:
        return {"seeker_id": "none"}

    @router.get("/dict/late")
    async def late(_: Actor = reads(DOOR)) -> dict[str, int]:
        raise Unavailable("away")

    return http.app("reads", "", [router], **state)


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/model/7", "", 200),
        ("/model/x", "", 422),
        ("/model/mine", "", 422),
        ("/dict", "", 200),
        ("/dict", "day=2010-01-28", 200),
        ("/dict", "day=28.1.2010", 422),
        ("/said", "", 200),
        ("/without", "", 200),
        ("/some", "", 200),
        ("/alias", "", 200),
        ("/list", "", 200),
        ("/list", "limit=0", 422),
        ("/list", "limit=2&limit=1", 200),
        ("/bare", "", 200),
        ("/empty", "", 204),
        ("/wrong", "", 500),
        ("/dict/late", "", 503),
        ("/dict/", "", 307),
        ("/elsewhere", "", 404),
    ],
)
async def test_what_an_endpoint_gives_is_written_as_fastapi_does(path: str, query: str, status: int) -> None:
    headers = {"authorization": "manager"}
    assert await _Pair(_reads).compare(_Sent("GET", path, query, b"", headers)) == status


@pytest.mark.parametrize("held", [1, 2])
async def test_a_costly_reads_place_is_free_again_once_it_is_answered(held: int) -> None:
    app = _reads(verifier=_Named(), slots=Slots(1, 1))
    for _ in range(held):
        assert (await ask(app, "GET", "/dict", headers={"authorization": "manager"})).status == 200


def test_every_route_of_every_service_goes_our_way() -> None:
    for blueprint in BLUEPRINTS:
        routes = interface(blueprint, verifier=_Named()).router.routes
        assert [route.path for route in routes if not has_way(route)] == ["/openapi.json"]  # pyright: ignore
