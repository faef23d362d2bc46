"""The requests of a replay, to each service, by whoever may make them; and the ids that the services gave."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import date
from typing import Any, TypeVar

import orjson

from jobplus.client import PATIENCE, Unanswered
from jobplus.replay.actions import (
    CorrectPlacement,
    Enrol,
    EraseSeeker,
    FilePlan,
    FindJob,
    JoinCounsellor,
    JoinEmployer,
    LeaveCounsellor,
    LeaveEmployer,
    MakeReferral,
    MergeRecords,
    OpenVacancy,
    Place,
    RecordVisit,
    RegisterAgain,
    RegisterSeeker,
    StartInternship,
    WithdrawReferral,
)
from jobplus.settling import Addresses

SERVICES = ("intake", "matching", "followup", "reporting")
STAFF = "manager"
T = TypeVar("T")


class Calls:
    """Asks the services. `name` makes the Idempotency-Keys, so that a repeated request is done once.

    `ids` holds by kind of action and number what the services answered, prospects beside the members, and whatever left
    or was taken back; `seekers` the numbers by id.
    """

    def __init__(self, addresses: Addresses, name: str) -> None:
        self._name = name
        self._staff = {service: addresses.client(service, STAFF) for service in SERVICES}
        self._operator = {service: addresses.client(service, "operator", 2) for service in SERVICES}
        self._evaluator = addresses.client("followup", "evaluator")
        self._sent = 0
        self.ids: dict[type[Any], dict[int, str]] = {
            kind: {}
            for kind in (
                JoinCounsellor,
                JoinEmployer,
                RegisterSeeker,
                OpenVacancy,
                MakeReferral,
                Place,
                StartInternship,
                FindJob,
                RecordVisit,
                Enrol,
                FilePlan,
                RegisterAgain,
                MergeRecords,
                EraseSeeker,
                LeaveCounsellor,
                LeaveEmployer,
                WithdrawReferral,
                CorrectPlacement,
            )
        }
        self.seekers: dict[str, int] = {}

    @property
    def repeated(self) -> int:
        """How many requests had to be sent again."""
        return sum(client.repeated for client in self._staff.values())

    def next_key(self, kind: str) -> str:
        """Give a key for something that has no number of its own."""
        self._sent += 1
        return f"{kind}-{self._sent}"

    async def get(self, service: str, path: str) -> Any:
        return await self._staff[service].get(path, patience=PATIENCE)

    async def post(self, service: str, path: str, body: dict[str, object], key: str) -> Any:
        return await self._staff[service].post(path, orjson.dumps(body), f"{self._name}-{key}")

    async def put(self, service: str, path: str, body: dict[str, object], key: str, version: int) -> Any:
        return await self._staff[service].put(path, orjson.dumps(body), f"{self._name}-{key}", version)

    async def look_as_evaluator(self, path: str) -> Any:
        return await self._evaluator.get(path, patience=PATIENCE)

    async def evaluate(self, path: str, body: dict[str, object], key: str) -> Any:
        return await self._evaluator.post(path, orjson.dumps(body), f"{self._name}-{key}")

    async def move_clock(self, service: str, day: date) -> None:
        """Have a service's clock stand on a day."""
        body = orjson.dumps({"day": day})
        await self._operator[service].post("/clock", body, f"{self._name}-clock-{day}")

    async def close(self) -> None:
        """End all connections."""
        for client in (*self._staff.values(), *self._operator.values(), self._evaluator):
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
