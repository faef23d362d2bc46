"""Asks the services of a stack over HTTP, and looks into their databases, as tests need it."""

import itertools
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import asyncpg
import orjson

from jobplus.stack.keys import Role
from jobplus.stack.local import Stack

_people = itertools.count(1)


def until(holds: Callable[[], Any], what: str, seconds: float = 30) -> None:
    """Wait until something holds."""
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, f"{what}: not so after {seconds} s"
        time.sleep(0.1)


class Reply:
    """A response: status, headers, body."""

    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def fields(self) -> list[str]:
        return [error["field"] for error in self.json.get("errors", [])]


class Calling:
    """Requests with any headers, well formed or not."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def send(
        self,
        service: str,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        timeout: float = 30,
    ) -> Reply:
        request = Request(self.stack.url(service) + path, body, headers or {}, method=method)
        try:
            with urlopen(request, timeout=timeout) as answer:
                return Reply(answer.status, answer.headers, answer.read())
        except HTTPError as error:
            return Reply(error.code, error.headers, error.read())

    def post(self, service: str, path: str, body: Any, *, role: Role = "manager", key: str | None = None) -> Reply:
        return self._change("POST", service, path, body, role, key)

    def ask(self, service: str, path: str, body: Any, *, role: Role = "manager", seconds: float = 30) -> Reply:
        """Ask for a change, again for as long as the service hasn't heard of an id yet."""
        ends = time.monotonic() + seconds
        while True:
            reply = self.post(service, path, body, role=role)
            if reply.status != 409 or not reply.json["type"].endswith(":not-yet-known"):
                return reply
            assert time.monotonic() < ends, reply.json
            time.sleep(0.1)

    def made(self, service: str, path: str, body: Any, *, role: Role = "manager", seconds: float = 30) -> Any:
        """Ask for what must be accepted."""
        reply = self.ask(service, path, body, role=role, seconds=seconds)
        assert reply.status in {200, 201}, reply.body
        return reply.json

    def move_to(self, day: date, services: Iterable[str]) -> None:
        """Move the day on in services whose clock is simulated; it never goes back."""
        for service in services:
            moved = self.post(service, "/clock", {"day": str(day)}, role="operator")
            assert moved.status == 200, moved.body

    def put(
        self,
        service: str,
        path: str,
        body: Any,
        *,
        version: str | None = None,
        role: Role = "manager",
        key: str | None = None,
    ) -> Reply:
        """Replace what was read, under an ETag where it has one."""
        return self._change("PUT", service, path, body, role, key, {"If-Match": version} if version else None)

    def _change(
        self,
        method: str,
        service: str,
        path: str,
        body: Any,
        role: Role,
        key: str | None,
        more: dict[str, str] | None = None,
    ) -> Reply:
        headers = {
            **(more or {}),
            "Authorization": f"Bearer {self.stack.token(role)}",
            "Content-Type": "application/json",
            "Idempotency-Key": key or str(uuid.uuid4()),
        }
        return self.send(service, method, path, orjson.dumps(body), headers)

    def get(self, service: str, path: str, *, role: Role = "manager") -> Reply:
        return self.send(service, "GET", path, None, {"Authorization": f"Bearer {self.stack.token(role)}"})

    async def query(self, service: str, sql: str, *arguments: Any) -> list[asyncpg.Record]:
        conn = await asyncpg.connect(self.stack.database_url(service))
        try:
            return await conn.fetch(sql, *arguments)
        finally:
            await conn.close()


def person(**changes: Any) -> dict[str, Any]:
    """A seeker's form that nobody has used yet."""
    form: dict[str, Any] = {
        "name": f"김{next(_people)}{uuid.uuid4().hex[:6]}",
        "birth_date": "1979-05-14",
        "phone": "010-0000-1234",
        "gender": "female",
        "district": "11440",
        "wanted_occupations": ["02", "10"],
    }
    return {**form, **changes}


def business_number() -> str:
    """A business registration number with a right check digit that nobody has used yet."""
    digits = [int(digit) for digit in f"{next(_people) + 100_000_000:09d}"]
    total = sum(d * w for d, w in zip(digits, (1, 3, 7, 1, 3, 7, 1, 3, 5), strict=True)) + digits[8] * 5 // 10
    return "".join(map(str, digits)) + str((10 - total % 10) % 10)
