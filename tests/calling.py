"""Asks the services of a stack over HTTP, and looks into their databases, as tests need it."""

import itertools
import uuid
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import asyncpg
import orjson

from jobplus.stack.keys import Role
from jobplus.stack.local import Stack

_people = itertools.count(1)


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
