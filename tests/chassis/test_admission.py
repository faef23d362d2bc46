"""What is refused before its body is read: commands while too many wait or the outbox is full, and bulk requests beside
their lane. What only looks, what the operator asks for, and what is at no address, never is."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, Response
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from chassis.batch.decisions import Accepted, Actor, Asked, Outcome
from chassis.batch.group_commit import GroupCommit
from chassis.batch.owners import EVERYBODY, NOBODY
from chassis.batch.queue import ALWAYS_TAKEN
from chassis.http import app as http
from chassis.http import commands
from chassis.http.access import Door
from chassis.http.admission import Admission
from chassis.http.auth import Verifier
from chassis.http.calls import Call, asks, reads
from chassis.http.operations import OPERATOR
from chassis.http.slots import BULK_REQUESTS, Slots
from chassis.stream.backlog import Backlog
from jobplus.stack.keys import Role, jwks_file, sign_token
from tests.chassis.asking import Answer, ask
from tests.chassis.test_tokens import settings_with
from tests.kit.waiting import until_async

LONGEST = 0.05
PROBLEM = "urn:jobplus:problem:"


class Frozen:
    """Decides nothing until it is let, as a database whose record is locked."""

    def __init__(self) -> None:
        self.let = asyncio.Event()
        self.began = asyncio.Event()
        self.batches = 0
        self.decided = 0

    async def run(self, asked: list[Asked]) -> list[Outcome]:
        self.began.set()
        self.batches += 1
        await self.let.wait()
        self.decided += len(asked)
        return [Accepted(answer={}) for _ in asked]


router = APIRouter()
ANYBODY = Door(("counsellor", "manager"), EVERYBODY)


@router.post("/changes")
@router.post("/changes/{number}")
async def change(call: Call = asks(ANYBODY)) -> Response:
    return await call.run("change")


@router.post("/mending")
async def mend(call: Call = asks(Door(OPERATOR, EVERYBODY))) -> Response:
    return await call.run("mend")


@router.get("/changes")
@router.post("/searches")
async def look(_: Actor = reads(Door(("counsellor",), NOBODY))) -> dict[str, str]:
    return {}


class Changes:
    """A service whose commands wait for as long as its database is frozen."""

    def __init__(self, keys: Path) -> None:
        self._keys = keys
        self.frozen = Frozen()
        self.backlog = Backlog(100)
        settings = settings_with(str(jwks_file(keys)))
        group_commit = GroupCommit(self.frozen, LONGEST)  # pyright: ignore[reportArgumentType]
        self.app = http.app(
            "changes",
            "",
            [router, commands.router_beside([router])],
            verifier=Verifier(settings),
            admission=Admission(group_commit.queue, self.backlog),
            bulk_slots=Slots(3, 2, BULK_REQUESTS),
            group_commit=group_commit,
            handler=self.frozen,
        )
        self._numbers = iter(range(1_000))
        self._going_on: list[asyncio.Task[Answer]] = []

    async def ask(
        self, method: str, path: str, subject: str = "c-1", role: Role = "counsellor", **headers: str
    ) -> Answer:
        given = {"idempotency-key": str(next(self._numbers)), **headers}
        body = b'{"path": "/changes"}' if path.endswith("/bulk") else b""
        token = sign_token(self._keys, role, subject=subject)
        return await asyncio.wait_for(ask(self.app, method, path, token, body=body, headers=given), 10)

    def begin(self, path: str, subject: str = "c-1", **headers: str) -> None:
        """Ask, and go on meanwhile."""
        self._going_on.append(asyncio.create_task(self.ask("POST", path, subject, **headers)))

    async def stand(self) -> None:
        """Have as many wait as always may, behind a batch that takes too long."""
        for _ in range(ALWAYS_TAKEN):
            self.begin("/changes")
        await self.frozen.began.wait()
        await asyncio.sleep(2 * LONGEST)  # which is the matter here

    async def end(self) -> list[int]:
        """Let all go on; gives what they were answered."""
        self.frozen.let.set()
        answers, self._going_on = await asyncio.gather(*self._going_on), []
        return [answer.status for answer in answers]


@pytest.fixture
async def changes(keys: Path) -> AsyncIterator[Changes]:
    made = Changes(keys)
    yield made
    await made.end()


def counted(by: str) -> float:
    return REGISTRY.get_sample_value("jobplus_http_limited_total", {"by": by}) or 0.0


@pytest.mark.parametrize("path", ["/changes", "/changes/7", "/commands/bulk"])
async def test_while_commands_stand_a_command_is_told_to_come_again_and_not_done(changes: Changes, path: str) -> None:
    await changes.stand()
    before = counted("overloaded")
    refused = await changes.ask("POST", path)
    assert (refused.status, refused.problem["type"]) == (503, PROBLEM + "overloaded")
    assert refused.headers[b"retry-after"] == b"1"
    assert refused.problem["detail"] == "more commands wait than are through soon; come again in 1 s"
    assert counted("overloaded") == before + 1
    assert await changes.end() == [200] * ALWAYS_TAKEN
    assert changes.frozen.decided == ALWAYS_TAKEN
    assert (await changes.ask("POST", "/changes")).status == 200


async def test_with_the_outbox_full_no_command_is_taken(changes: Changes) -> None:
    changes.backlog.is_full = True
    refused = await changes.ask("POST", "/changes")
    assert (refused.status, refused.problem["type"]) == (503, PROBLEM + "outbox-full")
    assert refused.headers[b"retry-after"] == b"10"
    assert (await changes.ask("POST", "/commands/bulk", **NDJSON)).status == 503


async def test_looks_the_operator_and_unknown_addresses_are_never_refused_for_it(changes: Changes) -> None:
    changes.backlog.is_full = True
    assert (await changes.ask("GET", "/changes")).status == 200
    assert (await changes.ask("POST", "/searches")).status == 200
    assert (await changes.ask("POST", "/nowhere")).status == 404
    assert (await changes.ask("POST", "/changes", role="employer")).status == 503
    changes.frozen.let.set()
    assert (await changes.ask("POST", "/mending", role="operator")).status == 200


async def test_it_is_said_once_in_the_log_that_commands_are_refused(changes: Changes) -> None:
    changes.backlog.is_full = True
    with capture_logs() as said:
        for _ in range(5):
            await changes.ask("POST", "/changes")
    assert [line for line in said if line["event"] == "commands_refused"] == [
        {"why": "outbox", "event": "commands_refused", "log_level": "warning"}
    ]


NDJSON: dict[str, Any] = {"content-type": "application/x-ndjson"}


async def test_bulk_requests_have_a_lane_and_one_too_many_is_told_to_come_again(changes: Changes) -> None:
    for subject in ("c-1", "c-1", "c-2"):
        changes.begin("/commands/bulk", subject, **NDJSON)

    async def begun() -> int:
        return changes.frozen.batches

    await until_async(begun, "three go on", lambda batches: batches == 3)

    async def refused(subject: str) -> Answer:
        return await changes.ask("POST", "/commands/bulk", subject, **NDJSON)

    each = await refused("c-1")
    assert (each.status, each.headers[b"retry-after"]) == (429, b"1")
    assert each.problem["type"] == PROBLEM + "too-many-bulk-requests"
    assert each.problem["detail"] == "2 bulk requests are still going on for this subject; come again in 1 s"
    of_all = await refused("c-3")
    assert (of_all.status, of_all.headers[b"retry-after"]) == (429, b"1")
    assert of_all.problem["detail"] == "3 bulk requests are going on; come again in 1 s"
    assert await changes.end() == [200, 200, 200]
    assert (await refused("c-1")).status == 200
