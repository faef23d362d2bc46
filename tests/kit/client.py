"""Asks the services of a stack over HTTP as any role, and looks into their databases."""

import asyncio
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from email.message import Message
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urljoin, urlsplit

import orjson
import psycopg

from jobplus.settling import settled
from jobplus.stack.keys import Bearer, Role
from jobplus.stack.local import Stack
from tests.kit import forms
from tests.kit.connections import Kept
from tests.kit.waiting import PATIENCE, until

ANSWER_SECONDS = 30
NOT_YET_KNOWN = "not-yet-known"
OVERLOADED = "overloaded"
LOCKED_OUT = """SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database
                WHERE NOT granted AND datname = current_database()"""
"""The processes of a database's clients that wait for a lock which another one holds."""


class Reply:
    """A response: status, headers, body."""

    def __init__(self, status: int, headers: Message, body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    def __repr__(self) -> str:
        return f"{self.status} {self.body.decode(errors='replace')[:600]}"

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def fields(self) -> list[str]:
        """The fields that a problem names, none of anything else."""
        return [error["field"] for error in self.json.get("errors", [])]

    @property
    def code(self) -> str:
        """What kind of problem it is: `seeker-merged`; "" of anything else."""
        return self.json["type"].rpartition(":")[2] if self._is_problem else ""

    @property
    def refusal(self) -> tuple[int, str]:
        """The status and the code of a problem."""
        assert self._is_problem, self
        return self.status, self.code

    @property
    def problem(self) -> tuple[int, str, list[str]]:
        """The status, the code and the fields of a problem."""
        return *self.refusal, self.fields

    @property
    def _is_problem(self) -> bool:
        return self.headers["Content-Type"] == "application/problem+json"


class _Http(HTTPConnection):
    def fileno(self) -> int:
        return -1 if self.sock is None else self.sock.fileno()


Row = dict[str, Any]
"""A row by its columns."""


class _Database(psycopg.Connection[Row]):
    def fileno(self) -> int:
        return -1 if self.closed else super().fileno()


def _by_column(cursor: Any) -> Callable[[Sequence[Any]], Row]:
    names = [column.name for column in cursor.description or ()]
    assert len(set(names)) == len(names), f"two columns have the same name: {names}"
    return lambda values: dict(zip(names, values, strict=True))


def _connect(address: str) -> _Database:
    # As tests rename and drop tables, no plan is kept.
    kept = _Database.connect(address, autocommit=True, row_factory=_by_column, prepare_threshold=None)
    kept.cursor_factory = psycopg.RawCursor
    return kept


Who = Role | Bearer
"""Who asks: whoever has a role, or one counsellor or firm."""


class StackClient:
    """Asks any service of a stack, as a manager unless told otherwise; several threads may ask at once."""

    def __init__(self, stack: Stack, elsewhere: Mapping[str, str] | None = None) -> None:
        """Services that `elsewhere` has an address for are asked there: another process of theirs."""
        self.stack = stack
        self._elsewhere = elsewhere or {}
        self._services = Kept(lambda address: _Http(address, timeout=ANSWER_SECONDS))
        self._databases = Kept(_connect)

    def bearing(self, who: Who = "manager", **claims: Any) -> dict[str, str]:
        """The header that shows somebody's token; what `sign_token` takes may be told of it."""
        role, own, business_number = who if isinstance(who, Bearer) else Bearer(who)
        token = self.stack.token(role, own=own, business_number=business_number, **claims)
        return {"Authorization": f"Bearer {token}"}

    def send(
        self,
        service: str,
        method: str,
        path: str,
        body: bytes | Iterator[bytes] | None = None,
        headers: dict[str, str] | None = None,
        *,
        process: str = "api",
    ) -> Reply:
        """Send a request with any headers, well formed or not, to a process of a service.

        A body that comes piece by piece is sent so: as long as a Content-Length says, or in chunks.
        """
        url = self._elsewhere.get(service) or self.stack.url(service, process)
        with self._services.to(urlsplit(url).netloc) as connection:
            connection.request(method, path, body, headers or {})
            with connection.getresponse() as answer:
                return Reply(answer.status, answer.headers, answer.read())

    def get(self, service: str, path: str, *, role: Who = "manager") -> Reply:
        """Read; goes where a record that was given up leads to."""
        headers = self.bearing(role)
        reply = self.send(service, "GET", path, None, headers)
        if reply.status == 308:
            return self.send(service, "GET", urljoin(path, reply.headers["Location"]), None, headers)
        return reply

    def post(
        self,
        service: str,
        path: str,
        body: Any,
        *,
        role: Who = "manager",
        key: str | None = None,
        version: str | None = None,
        content_type: str = "application/json",
    ) -> Reply:
        """Ask for a change once, under a new Idempotency-Key or this one, and an ETag where it has one; bytes are sent
        as they are."""
        return self._change("POST", service, path, body, role, key, _headers(content_type, version))

    def put(
        self,
        service: str,
        path: str,
        body: Any,
        *,
        version: str | None = None,
        role: Who = "manager",
        key: str | None = None,
    ) -> Reply:
        """Replace what was read, under an ETag where it has one."""
        return self._change("PUT", service, path, body, role, key, _headers("application/json", version))

    def ask(self, service: str, path: str, body: Any, *, role: Who = "manager", seconds: float = PATIENCE) -> Reply:
        """Ask for a change, again for as long as the service hasn't heard of an id yet."""
        return until(
            lambda: self.post(service, path, body, role=role),
            f"{service} has heard of every id of {path}",
            lambda reply: reply.code != NOT_YET_KNOWN,
            seconds=seconds,
        )

    def insist(self, service: str, path: str, body: Any) -> Reply:
        """Ask for a change among more at once than a service need take (`chassis.batch.queue`): again, under the same
        Idempotency-Key, for as long as too much waits there."""
        key = str(uuid.uuid4())
        return until(
            lambda: self.post(service, path, body, key=key),
            f"{service} takes {path}",
            lambda reply: reply.code != OVERLOADED,
        )

    def made(self, service: str, path: str, body: Any, *, role: Who = "manager") -> Any:
        """Ask for what must be accepted; gives the answer."""
        reply = self.ask(service, path, body, role=role)
        assert reply.status in {200, 201}, reply
        return reply.json

    def refused(self, service: str, path: str, body: Any, *, role: Who = "manager") -> tuple[int, str, list[str]]:
        """Ask for what must be refused; gives the problem's status, code and fields."""
        return self.ask(service, path, body, role=role).problem

    def find(self, **by: Any) -> list[str]:
        """The ids of the seekers whom a manager finds by a name or a phone."""
        found = self.post("intake", "/seekers/search", by)
        assert found.status == 200, found
        return [seeker["seeker_id"] for seeker in found.json["seekers"]]

    def whose(self, seeker_id: str) -> Bearer:
        """The counsellor who has a seeker, once one has; where nobody is in service, somebody is from now on."""
        if not self.get("intake", "/counsellors").json["counsellors"]:
            self.made("intake", "/counsellors", forms.counsellor())
        path = f"/seekers/{seeker_id}/counsellor"
        assigned = until(
            lambda: self.get("intake", path).json, f"{seeker_id} has a counsellor", lambda found: found["counsellor_id"]
        )
        return Bearer("counsellor", assigned["counsellor_id"])

    def today(self, service: str) -> date:
        """The day on a service's clock."""
        return date.fromisoformat(self.get(service, "/status", role="operator").json["clock"]["day"])

    def move_to(self, day: date, services: Iterable[str] | None = None) -> None:
        """Move the day on in services whose clock is simulated, all if none is named; it never goes back."""
        for service in self.stack.services if services is None else services:
            moved = self.post(service, "/clock", {"day": str(day)}, role="operator")
            assert moved.status == 200, moved

    def settle(self, services: Sequence[str] | None = None) -> None:
        """Wait until all that was asked has arrived everywhere, and nothing follows from it any more."""
        asyncio.run(settled(self.stack, self.stack.services if services is None else services))

    def query(self, service: str, sql: str, *arguments: Any) -> list[Row]:
        """Run a statement ($1, $2 for its arguments) in a service's database."""
        with self._databases.to(self.stack.database_url(service)) as connection:
            cursor = connection.execute(sql.encode(), arguments or None)
            return cursor.fetchall() if cursor.pgresult and cursor.pgresult.status == _ROWS else []

    def _change(
        self, method: str, service: str, path: str, body: Any, role: Who, key: str | None, more: dict[str, str]
    ) -> Reply:
        headers = {**more, **self.bearing(role), "Idempotency-Key": key or str(uuid.uuid4())}
        return self.send(service, method, path, body if isinstance(body, bytes) else orjson.dumps(body), headers)


def _headers(content_type: str, version: str | None) -> dict[str, str]:
    return {"Content-Type": content_type, **({"If-Match": version} if version else {})}


_ROWS = psycopg.pq.ExecStatus.TUPLES_OK
