"""A request that lost a race in the database is handled once more from its beginning, with the body that it sent."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import StreamingResponse

from chassis.batch.owners import NOBODY
from chassis.database.db import CONFLICTS
from chassis.http import app as http
from chassis.http.access import Door
from chassis.http.auth import Verifier
from chassis.http.calls import reads
from jobplus.stack.keys import jwks_file, make_keys, sign_token
from tests.chassis.asking import Answer, ask
from tests.chassis.test_tokens import settings_with

DOOR = reads(Door(("counsellor",), NOBODY))

Ask = Callable[[str], Awaitable[Answer]]


@pytest.fixture
def losses() -> list[Exception]:
    """What goes wrong with requests, one after the other."""
    return []


@pytest.fixture
def asking(tmp_path: Path, losses: list[Exception]) -> Ask:
    """Ask a service that reads a body, and has an address that begins to answer before it fails."""
    make_keys(tmp_path)
    router = APIRouter()

    @router.post("/forms", dependencies=[DOOR])
    async def read(request: Request) -> dict[str, str]:
        body = await request.body()
        if losses:
            raise losses.pop()
        return {"body": body.decode()}

    @router.post("/begun", dependencies=[DOOR])
    async def begin() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"begun"
            raise losses.pop()

        return StreamingResponse(parts())

    app: FastAPI = http.app("forms", "", [router], verifier=Verifier(settings_with(str(jwks_file(tmp_path)))))
    return lambda path: ask(app, "POST", path, sign_token(tmp_path, "counsellor"), body=b"what was sent")


@pytest.mark.parametrize("loss", CONFLICTS)
async def test_who_loses_a_race_once_does_not_see_it(
    loss: type[Exception], asking: Ask, losses: list[Exception]
) -> None:
    losses.append(loss())
    answer = await asking("/forms")
    assert (answer.status, answer.body) == (200, b'{"body":"what was sent"}')


async def test_who_loses_twice_is_told_to_come_again(asking: Ask, losses: list[Exception]) -> None:
    losses.extend(asyncpg.InvalidCachedStatementError() for _ in range(3))
    answer = await asking("/forms")
    assert (answer.status, answer.headers[b"retry-after"]) == (503, b"2")
    assert answer.problem["type"] == "urn:jobplus:problem:unavailable"
    assert len(losses) == 1


async def test_what_was_begun_to_be_answered_is_not_begun_again(asking: Ask, losses: list[Exception]) -> None:
    losses.extend(asyncpg.InvalidCachedStatementError() for _ in range(2))
    assert (await asking("/begun")).body == b"begun"
    assert len(losses) == 1


async def test_what_no_race_is_to_blame_for_is_not_handled_again(asking: Ask, losses: list[Exception]) -> None:
    losses.extend(asyncpg.DivisionByZeroError() for _ in range(2))
    assert (await asking("/forms")).status == 500
    assert len(losses) == 1
