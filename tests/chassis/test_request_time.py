"""A request has its time, and whoever doesn't send it whole has no more than that. Time is the matter here: the limits
are tenths of a second."""

import asyncio
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI, Request

from chassis.batch.owners import NOBODY
from chassis.http import app as http
from chassis.http.access import Door
from chassis.http.auth import Verifier
from chassis.http.calls import reads
from chassis.http.limits import Limits
from jobplus.stack.keys import jwks_file, sign_token
from tests.chassis.asking import Answer, ask
from tests.chassis.test_tokens import settings_with

DOOR = reads(Door(("counsellor",), NOBODY))


@pytest.fixture
def app(keys: Path) -> FastAPI:
    """A service that reads a body, and has an address that answers late; bulk requests have four times as long."""
    router = APIRouter()

    @router.post("/forms", dependencies=[DOOR])
    @router.post("/forms/bulk", dependencies=[DOOR])
    async def read(request: Request) -> dict[str, int]:
        return {"bytes": len(await request.body())}

    @router.post("/late", dependencies=[DOOR])
    @router.post("/late/bulk", dependencies=[DOOR])
    async def late(request: Request) -> dict[str, int]:
        await asyncio.sleep(0.2)
        return {}

    settings = settings_with(str(jwks_file(keys)), request_limits="none", request_seconds=0.1, bulk_seconds=2.0)
    return http.app("forms", "", [router], verifier=Verifier(settings), limits=Limits(settings))


async def send(app: FastAPI, keys: Path, path: str, *, stalls: bool = False) -> Answer:
    token = sign_token(keys, "counsellor")
    return await asyncio.wait_for(ask(app, "POST", path, token, body=b"{}", stalls=stalls), 10)


async def test_a_body_that_does_not_come_in_time_is_408_and_its_connection_is_ended(app: FastAPI, keys: Path) -> None:
    assert (await send(app, keys, "/forms")).status == 200
    answer = await send(app, keys, "/forms", stalls=True)
    assert (answer.status, answer.headers[b"connection"]) == (408, b"close")
    assert answer.problem["type"] == "urn:jobplus:problem:body-too-slow"
    assert answer.problem["errors"] == [{"field": "body", "reason": "the body did not come within 0.1 s"}]


async def test_a_request_that_takes_too_long_is_503_with_when_to_come_again(app: FastAPI, keys: Path) -> None:
    answer = await send(app, keys, "/late")
    assert (answer.status, answer.headers[b"retry-after"]) == (503, b"1")
    assert answer.problem["type"] == "urn:jobplus:problem:request-too-long"


async def test_a_bulk_request_has_longer(app: FastAPI, keys: Path) -> None:
    assert (await send(app, keys, "/late/bulk")).status == 200
    assert (await send(app, keys, "/forms/bulk", stalls=True)).status == 408
