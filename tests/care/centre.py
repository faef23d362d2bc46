"""The centre as its counsellors use it: what they ask, the day, and what was published of a person."""

from collections.abc import Callable
from datetime import date
from typing import Any

import orjson

from jobplus.stack.local import Stack
from jobplus.stack.ports import SERVICES
from tests.calling import Calling, Reply, business_number, person, until

SECONDS = 60


class Centre:
    """Asks the services of a stack; repeats what they have not heard of yet."""

    def __init__(self, stack: Stack) -> None:
        self.calling = Calling(stack)

    def move_to(self, day: date) -> None:
        """Move the day on in every service; it never goes back."""
        self.calling.move_to(day, SERVICES)

    def ask(self, service: str, path: str, body: Any) -> Reply:
        return self.calling.ask(service, path, body, role="counsellor", seconds=SECONDS)

    def made(self, service: str, path: str, body: Any) -> Any:
        """Ask for what must be accepted."""
        return self.calling.made(service, path, body, role="counsellor", seconds=SECONDS)

    def refused(self, service: str, path: str, body: Any) -> str:
        """Ask for what must be refused; gives the problem's code."""
        reply = self.ask(service, path, body)
        assert reply.status >= 400, reply.json
        return reply.json["type"].rpartition(":")[2]

    def seeker(self, **details: Any) -> str:
        return self.made("intake", "/seekers", person(wanted_occupations=["02"], **details))["seeker_id"]

    def vacancy(self, **details: Any) -> str:
        form = {"business_number": business_number(), "name": "한빛물산", "size": "mid", "district": "11680"}
        reply = self.calling.post("intake", "/employers", form)
        assert reply.status == 201, reply.json
        terms = {
            "employer_id": reply.json["employer_id"],
            "occupation": "02",
            "openings": 1,
            "title": "회계",
            "sector": "private",
            "employment": "permanent",
            "district": "11440",
        }
        return self.made("matching", "/vacancies", {**terms, **details})["vacancy_id"]

    def placed(self, seeker_id: str, vacancy_id: str) -> str:
        """Refer a seeker, who accepts and is placed; gives the placement."""
        asked = {"seeker_id": seeker_id, "vacancy_id": vacancy_id}
        path = f"/referrals/{self.made('matching', '/referrals', asked)['referral_id']}"
        self.made("matching", f"{path}/answer", {"answer": "accepted"})
        return self.made("matching", f"{path}/placement", {})["placement_id"]

    def ranked(self, seeker_id: str) -> list[Any]:
        reply = self.calling.get("matching", f"/seekers/{seeker_id}/vacancies")
        assert reply.status == 200, reply.json
        return reply.json["vacancies"]

    def candidates(self, vacancy_id: str) -> list[str]:
        reply = self.calling.get("matching", f"/vacancies/{vacancy_id}/candidates")
        assert reply.status == 200, reply.json
        return [one["seeker_id"] for one in reply.json["candidates"]]

    def supports(self, seeker_id: str, status: str) -> list[Any]:
        page = self.calling.get("followup", f"/supports?status={status}").json
        return [support for support in page["supports"] if support["seeker_id"] == seeker_id]

    def contacts(self, status: str) -> list[Any]:
        return self.calling.get("followup", f"/contacts?status={status}&limit=500").json["contacts"]

    def figures(self) -> Any:
        return self.calling.get("reporting", "/figures").json

    async def events_of(self, seeker_id: str) -> list[tuple[str, Any]]:
        """Give the types and data of what reporting knows of a person, profiles left out, in the order of recording."""
        rows = await self.calling.query(
            "reporting", "SELECT type, data FROM ledger WHERE key = $1 ORDER BY recorded_at, position", seeker_id
        )
        return [(row["type"].removeprefix("jobplus."), orjson.loads(row["data"])) for row in rows]

    def until(self, true: Callable[[], Any]) -> None:
        """Wait until something holds."""
        until(true, "what the story waits for", SECONDS)
