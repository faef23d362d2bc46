"""A service of the chassis's tests that takes texts, in this process and without a server or a database, with the
commands in bulk that every service has."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter, FastAPI, Request, Response
from pydantic import BaseModel

from chassis.batch.decisions import Accepted, Asked, Outcome, Refused
from chassis.batch.group_commit import GroupCommit
from chassis.batch.owners import EVERYBODY, Owner
from chassis.http import app as http
from chassis.http import commands
from chassis.http.access import Door
from chassis.http.auth import Verifier
from chassis.http.calls import Call, asks
from chassis.http.limits import Limits
from chassis.http.revocations import Revoked
from chassis.problems import ProblemType
from jobplus.stack.keys import Role, jwks_file, sign_token
from tests.chassis.asking import Answer, ask
from tests.chassis.test_tokens import settings_with

ID = UUID("0190c0de-0000-7000-8000-000000000003")
NDJSON = {"content-type": "application/x-ndjson", "idempotency-key": "k-1"}
OWN = Owner("own", "Firms find their own.", frozenset({"employer"}))
TAKEN = ProblemType("taken", 409, "This text was taken")


class Decides:
    """Stands where commands are decided: keeps what is asked for, batch by batch, and refuses a text that it had."""

    def __init__(self) -> None:
        self.batches: list[list[Asked]] = []

    @property
    def asked(self) -> list[Asked]:
        return [one for batch in self.batches for one in batch]

    async def run(self, asked: Sequence[Asked]) -> list[Outcome]:
        before = {str(one.command) for one in self.asked}
        self.batches.append(list(asked))
        return [
            Refused(TAKEN, "it was taken", "text", tells_of=ID)
            if str(one.command) in before
            else Accepted(answer={"asked": repr(one.command), "version": 2})
            for one in asked
        ]


class Text(BaseModel):
    text: str


router = APIRouter()


@router.post("/texts", status_code=201)
async def write(form: Text, call: Call = asks(Door(("counsellor", "manager"), EVERYBODY))) -> Response:
    return await call.run(form.text, 201)


@router.post("/own-texts")
async def write_own(form: Text, call: Call = asks(Door(("employer", "counsellor"), OWN))) -> Response:
    return await call.run(form.text)


@router.put("/texts/{number}")
async def look_and_write(
    number: int, form: Text, request: Request, call: Call = asks(Door(("counsellor", "manager"), EVERYBODY))
) -> Response:
    if form.text == "broken":
        raise ZeroDivisionError("this endpoint is broken")
    if form.text == "revoked":
        request.app.state.revoked.subjects.append("c-2")
    answer = await call.run(f"{form.text} after {len(request.app.state.handler.asked)}")
    answer.headers["ETag"] = f'"{number}"'
    return answer


class _Revoked(Revoked):
    """Knows whom the service's own endpoint revoked."""

    def __init__(self) -> None:
        super().__init__()
        self.subjects: list[str] = []

    def why(self, subject: str) -> str | None:
        return "stolen" if subject in self.subjects else None


class Texts:
    """A service that takes texts, and what was decided in it."""

    def __init__(self, keys: Path, **limits: Any) -> None:
        settings = settings_with(str(jwks_file(keys)), **{"request_limits": "none", "address_limit": "none", **limits})
        self._keys = keys
        self.decides = Decides()
        revoked = _Revoked()
        self.verifier = Verifier(settings, revoked)
        self.app: FastAPI = http.app(
            "texts", "", [router, commands.router_beside([router])], limits=Limits(settings), verifier=self.verifier,
            revoked=revoked, handler=self.decides, group_commit=GroupCommit(self.decides),  # pyright: ignore[reportArgumentType]
        )  # fmt: skip

    def token(self, role: Role = "counsellor", subject: str = "c-1") -> str:
        return sign_token(self._keys, role, subject=subject)

    async def send(self, *rows: Any, token: str | None = None, **headers: str) -> Answer:
        lines = b"\n".join(row if isinstance(row, bytes) else orjson.dumps(row) for row in rows)
        given = {**NDJSON, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return await ask(self.app, "POST", "/commands/bulk", token or self.token(), body=lines, headers=given)

    async def answers(self, *rows: Any, token: str | None = None) -> list[Any]:
        answer = await self.send(*rows, token=token)
        assert answer.status == 200, answer
        return orjson.loads(answer.body)["rows"]


def text(say: str, path: str = "/texts", **row: Any) -> dict[str, Any]:
    return {"path": path, "body": {"text": say}, **row}


def kinds(answers: Sequence[Any]) -> list[Any]:
    """The status of what was accepted, and the code of what was refused."""
    return [
        answer["body"]["type"].rpartition(":")[2] if answer["status"] >= 400 else answer["status"] for answer in answers
    ]
