"""The state of the services, for operators: what each tells of itself, asked with the reader's own token, all at once.

A service that doesn't answer within ANSWER_SECONDS is shown as such; nothing that one answers breaks the page.
"""

import asyncio
import ssl
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import httpx2
import orjson
import structlog
from fastapi import Response
from pydantic import BaseModel, ValidationError

from chassis.database.db import Pool, reading
from chassis.http import operations
from chassis.stream import dead_letters
from services.reporting.ledger.queries import count_gaps
from services.reporting.releases import queries as releases
from services.reporting.staff.answers import Asked

ROLES = ("operator",)
ANSWER_SECONDS = 1.0
STALE_SECONDS = 10.0
"""After so long without a look its worker counts as stuck or away, and an event that waits for so long its relay."""
MOST_LETTERS = 20
MOST_RELEASES = 5

log = structlog.get_logger()


class _Counted(BaseModel):
    dead: int
    parked: int


class _Consumer(BaseModel):
    topic: str
    partition: int
    lag: int
    lost: str | None = None
    not_looked_seconds: float | None = None


class _Clock(BaseModel):
    mode: str
    day: str


class _Status(BaseModel):
    clock: _Clock
    outbox: int
    outbox_percent: int
    outbox_seconds: float
    unsent_events: _Counted
    consumers: list[_Consumer]
    dead_letters: _Counted
    due_through: str | None = None


class Letter(BaseModel):
    """A dead letter: where it comes from and what it says; `parked` are those behind it."""

    id: int
    type: str | None = None
    topic: str
    error: str
    attempts: int
    kept_at: datetime
    parked: int


class _Letters(BaseModel):
    letters: list[Letter]


class State(NamedTuple):
    """What is known of a service: `trouble` is why it can't be told, by its name in the template, "" where it can.

    `lag` has what isn't read yet by topic, where there is any; `not_looked` for how many seconds nobody looked, None
    where it reads no topic.
    """

    name: str
    trouble: str = ""
    status: _Status | None = None
    letters: Sequence[Letter] = ()

    @property
    def lag(self) -> dict[str, int]:
        """Records not read yet, by topic; those with none left out."""
        behind: dict[str, int] = {}
        for one in self.status.consumers if self.status else ():
            behind[one.topic] = behind.get(one.topic, 0) + one.lag
        return {topic: count for topic, count in sorted(behind.items()) if count}

    @property
    def not_looked(self) -> float | None:
        """For how many seconds its worker has not looked at a partition, at most; None where it reads none."""
        return (
            max((one.not_looked_seconds or 0 for one in self.status.consumers), default=None) if self.status else None
        )

    @property
    def lost(self) -> list[str]:
        """Why partitions aren't read any more."""
        return [one.lost for one in self.status.consumers if one.lost] if self.status else []

    @property
    def worker_is_away(self) -> bool:
        """Whether its worker seems to be stuck or away."""
        return (self.not_looked or 0) > STALE_SECONDS

    @property
    def relay_is_away(self) -> bool:
        """Whether its relay seems to be stuck or away, or Kafka."""
        return self.status is not None and self.status.outbox_seconds > STALE_SECONDS


class Others:
    """The other services, by the addresses that a setting names; asked by one client a process."""

    def __init__(self, addresses: str) -> None:
        self.addresses = dict(pair.split("=", 1) for pair in addresses.split(",") if pair)
        self._client: httpx2.AsyncClient | None = None

    async def ask(self, name: str, token: str) -> State:
        """Ask a service how it is."""
        if self._client is None:
            self._client = httpx2.AsyncClient(
                timeout=ANSWER_SECONDS, trust_env=False, verify=ssl.create_default_context()
            )
        address, headers = self.addresses[name], {"Authorization": f"Bearer {token}"}
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                status, letters = await asyncio.gather(
                    self._client.get(f"{address}/status", headers=headers),
                    self._client.get(f"{address}/dead-letters?limit={MOST_LETTERS}", headers=headers),
                )
        except TimeoutError:
            return State(name, "slow")
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            log.info("service_not_told", service=name, kind=type(error).__name__, error=str(error))
            return State(name, "slow" if isinstance(error, httpx2.TimeoutException) else "no answer")
        if {status.status_code, letters.status_code} != {200}:
            log.info("service_not_told", service=name, status=[status.status_code, letters.status_code])
            return State(name, "refused" if status.status_code in (401, 403) else "error")
        return _read(name, status.content, letters.content)


def _read(name: str, status: bytes, letters: bytes) -> State:
    try:
        return State(name, "", _Status.model_validate_json(status), _Letters.model_validate_json(letters).letters)
    except ValidationError as error:
        log.warning("service_not_told", service=name, error=str(error))
        return State(name, "unreadable")


async def _own(asked: Asked) -> State:
    """Give reporting's own state, as its interface tells it."""
    told = await operations.status(asked.request, asked.reader.actor)
    pool: Pool = asked.request.app.state.pool
    async with reading(pool) as conn:
        letters = [dict(row) for row in await dead_letters.listed(conn, MOST_LETTERS)]
    return _read("reporting", bytes(told.body), orjson.dumps({"letters": letters}))


async def page(asked: Asked) -> Response:
    """Show how the services are."""
    others: Others = asked.request.app.state.others
    told = await asyncio.gather(*(others.ask(name, asked.reader.token) for name in others.addresses))
    own = await _own(asked)
    pool: Pool = asked.request.app.state.pool
    async with reading(pool) as conn:
        gaps = await count_gaps(conn)
        released = (await releases.released(conn))[:MOST_RELEASES]
        moment: Any = await conn.fetchval("SELECT clock_timestamp()")
    return asked.page("state", states=[own, *told], gaps=gaps, released=released, at=moment)
