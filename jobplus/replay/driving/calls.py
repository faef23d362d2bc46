"""The requests of a replay, to each service, each by the one whose act it is; and the ids that the services gave.

What is of a seeker is asked by the counsellor who has them. Who that is, the replay learns as a desk does: whoever
stands there asks, and is told whose the seeker is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import date
from functools import partial
from typing import Any, TypeVar, cast, get_args

import orjson

from jobplus.client import PATIENCE, Client, Refusal, Unanswered
from jobplus.replay.driving.actions import Form, Thing
from jobplus.replay.driving.rows import Rows
from jobplus.settling import Addresses
from jobplus.stack.keys import Bearer

SERVICES = ("intake", "matching", "followup", "reporting")
T = TypeVar("T")

NOT_IN_SERVICE = b"urn:jobplus:problem:counsellor-not-in-service"
MANAGER = Bearer("manager")
EVALUATOR = Bearer("evaluator")

Asking = Callable[["Asker", str], Awaitable[T]]
"""What a counsellor asks, whose id is told."""


class Asker:
    """Asks one service as somebody. `name` makes the Idempotency-Keys."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._name = name

    async def get(self, path: str) -> Any:
        return await self._client.get(path, patience=PATIENCE)

    async def post(self, path: str, body: Form, key: str, version: int | None = None) -> Any:
        return await self._client.post(path, orjson.dumps(body), f"{self._name}-{key}", version=version)

    async def put(self, path: str, body: Form, key: str, version: int) -> Any:
        return await self._client.put(path, orjson.dumps(body), f"{self._name}-{key}", version)


class Calls:
    """Asks the services. `name` makes the Idempotency-Keys, so that a repeated request is done once. `in_bulk` sends
    the changes that are asked of a service at the same time in one request.

    `ids` holds what the services answered, by thing and number; `ended` in the same way whatever has left or was taken
    back; `seekers` the numbers by id.
    """

    def __init__(self, addresses: Addresses, name: str, *, in_bulk: bool = False) -> None:
        self._name = name
        self._addresses = addresses
        self._clients = {service: addresses.client(service, Bearer("manager")) for service in SERVICES}
        if in_bulk:
            self._clients = {service: client.asking(Rows(client).ask) for service, client in self._clients.items()}
        self._operator = {service: addresses.client(service, Bearer("operator"), 2) for service in SERVICES}
        self._askers: dict[tuple[str, Bearer], Asker] = {}
        self._whose: dict[str, str] = {}
        """The counsellor who has a seeker, as was told last."""
        self._turn = 0
        self._sent = 0
        self.ids: dict[Thing, dict[int, str]] = {thing: {} for thing in get_args(Thing)}
        self.ended: dict[Thing, dict[int, str]] = {thing: {} for thing in get_args(Thing)}
        self.seekers: dict[str, int] = {}

    @property
    def repeated(self) -> int:
        """How many requests had to be sent again."""
        return sum(client.repeated for client in self._clients.values())

    def next_key(self, what: str) -> str:
        """Give a key for what is asked next."""
        self._sent += 1
        return f"{what}-{self._sent}"

    def know(self, thing: Thing, number: int, given: str) -> None:
        """Take down the id that a service gave."""
        self.ids[thing][number] = given
        if thing == "seeker":
            self.seekers[given] = number

    def id_of(self, thing: Thing, number: int) -> str:
        """Give the id that a service gave, or one that is made up, of a client who never registers."""
        return f"00000000-0000-4000-8000-{number:012d}" if thing == "stranger" else self.ids[thing][number]

    def asker(self, service: str, bearer: Bearer = MANAGER) -> Asker:
        """Give what asks a service as somebody, over connections that all share."""
        known = self._askers.get((service, bearer))
        if known is None:
            client = self._clients[service].bearing(partial(self._addresses.token_of, bearer))
            known = self._askers[service, bearer] = Asker(client, self._name)
        return known

    def desk(self, service: str) -> Asker:
        """Give what asks as the counsellor at the desk, one after the other; as nobody where there is none."""
        return self.asker(service, Bearer("counsellor", self._next_at_desk()))

    async def of_seeker(self, service: str, seeker: str, ask: Asking[T], first: str | None = None) -> T:
        """Ask as the counsellor who has a seeker; while that is not known, as the `first`, or as who is at the desk."""
        asked = self._whose.get(seeker)
        if asked is None or asked in self.ended["counsellor"].values():
            asked = first or self._next_at_desk()
        while True:
            try:
                return await ask(self.asker(service, Bearer("counsellor", asked)), asked or "")
            except Refusal as refusal:
                if first not in {None, asked} and NOT_IN_SERVICE in refusal.answer.body:
                    asked = first  # the one who was told of has just left
                    continue
                if refusal.whose in {None, asked}:
                    raise
                asked = self._whose[seeker] = cast(str, refusal.whose)

    def _next_at_desk(self) -> str | None:
        joined, left = self.ids["counsellor"], self.ended["counsellor"]
        self._turn += 1
        serving = [counsellor for number, counsellor in joined.items() if number not in left]
        return serving[self._turn % len(serving)] if serving else None

    async def move_clock(self, service: str, day: date) -> None:
        """Have a service's clock stand on a day."""
        body = orjson.dumps({"day": day})
        await self._operator[service].post("/clock", body, f"{self._name}-clock-{day}")

    async def close(self) -> None:
        """End all connections."""
        for client in (*self._clients.values(), *self._operator.values()):
            await client.close()


async def heard(ask: Callable[[], Awaitable[T | None]]) -> T:
    """Ask until there is an answer: a service may be seconds behind another (raises Unanswered)."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    while not (answer := await ask()):
        if loop.time() - started > PATIENCE:
            raise Unanswered(f"a service has not heard for {PATIENCE:.0f} s of what another was told")
        await asyncio.sleep(0.2)
    return answer


async def together(*work: Coroutine[Any, Any, object]) -> None:
    """Run coroutines at once; the first failure ends the others and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(one)
    except BaseExceptionGroup as failures:
        raise _first(failures) from None


def _first(failure: BaseException) -> BaseException:
    while isinstance(failure, BaseExceptionGroup):
        failure = failure.exceptions[0]
    return failure
