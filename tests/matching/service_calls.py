"""Calls of intake and matching as a counsellor makes them, for tests."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import uuid_utils.compat as uuids

from jobplus.client import NOT_YET_KNOWN, Answer, Client
from jobplus.stack.local import Stack

SECONDS = 30


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds."""
    for _ in range(SECONDS * 10):
        if await holds():
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{holds.__name__} does not hold after {SECONDS} s")


class Caller:
    """Speaks to the services of a stack; every request has a key of its own."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._clients: dict[tuple[str, str], Client] = {}
        self._people = 0

    def client(self, service: str, role: str = "manager") -> Client:
        if (service, role) not in self._clients:
            self._clients[service, role] = Client(self._stack.url(service), self._stack.token(role))
        return self._clients[service, role]

    async def post(self, path: str, body: Any, *, service: str = "matching", role: str = "manager") -> Answer:
        """Ask once; repeat only while the service has not heard of an id yet."""
        headers = {"Idempotency-Key": str(uuids.uuid7()), "Content-Type": "application/json"}
        for _ in range(SECONDS * 10):
            answer = await self.client(service, role).once("POST", path, orjson.dumps(body), headers)
            if NOT_YET_KNOWN not in answer.body:
                return answer
            await asyncio.sleep(0.1)
        raise AssertionError(f"still not yet known after {SECONDS} s: {answer.body!r}")

    async def made(self, path: str, body: Any, *, service: str = "matching") -> dict[str, Any]:
        """Ask for what must be accepted."""
        answer = await self.post(path, body, service=service)
        assert answer.status in {200, 201}, answer.body
        return answer.json()

    async def refused(self, path: str, body: Any) -> tuple[int, str, str | None]:
        """Ask for what must be refused; gives the status, the problem's code and the field."""
        answer = await self.post(path, body)
        problem = answer.json()
        assert answer.status >= 400, problem
        fields = [error["field"] for error in problem.get("errors", [])]
        return answer.status, problem["type"].rpartition(":")[2], fields[0] if fields else None

    async def get(self, path: str, role: str = "manager") -> Any:
        return await self.client("matching", role).get(path)

    async def seeker(self, **details: Any) -> str:
        self._people += 1
        form = {
            "name": f"구직자 {self._people}",
            "birth_date": "1980-03-01",
            "phone": f"010-{self._people // 10000:04}-{self._people % 10000:04}",
            "gender": "female",
            "district": "11440",
            "wanted_occupations": ["02"],
        }
        return (await self.made("/seekers", {**form, **details}, service="intake"))["seeker_id"]

    async def employer(self) -> str:
        self._people += 1
        form = {"business_number": _number(self._people), "name": "한빛물산", "size": "mid", "district": "11680"}
        return (await self.made("/employers", form, service="intake"))["employer_id"]

    async def vacancy(self, employer_id: str, **details: Any) -> str:
        form = {
            "employer_id": employer_id,
            "occupation": "02",
            "openings": 1,
            "title": "회계",
            "sector": "private",
            "employment": "permanent",
            "district": "11440",
        }
        return (await self.made("/vacancies", {**form, **details}))["vacancy_id"]

    async def referral(self, seeker_id: str, vacancy_id: str, answer: str | None = "accepted") -> str:
        made = await self.made("/referrals", {"seeker_id": seeker_id, "vacancy_id": vacancy_id})
        if answer:
            await self.made(f"/referrals/{made['referral_id']}/answer", {"answer": answer})
        return made["referral_id"]

    async def close(self) -> None:
        for client in self._clients.values():
            await client.close()


def _number(serial: int) -> str:
    """Make a business registration number with its check digit."""
    digits = [int(digit) for digit in f"{serial:09}"]
    total = sum(d * w for d, w in zip(digits, (1, 3, 7, 1, 3, 7, 1, 3, 5), strict=True)) + digits[8] * 5 // 10
    return "".join(map(str, digits)) + str((10 - total % 10) % 10)
