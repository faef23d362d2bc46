"""The centre as its counsellors use it: what they ask, the day, and what was published of a person."""

from datetime import date
from typing import Any

import orjson

from jobplus.stack.local import Stack
from tests.kit import forms
from tests.kit.client import Reply, StackClient


class Centre:
    """Asks the services of a stack as a counsellor; repeats what they have not heard of yet."""

    def __init__(self, stack: Stack) -> None:
        self.calling = StackClient(stack)

    def move_to(self, day: date) -> None:
        """Move the day on in every service; it never goes back."""
        self.calling.move_to(day)

    def ask(self, service: str, path: str, body: Any) -> Reply:
        return self.calling.ask(service, path, body, role="counsellor")

    def made(self, service: str, path: str, body: Any) -> Any:
        """Ask for what must be accepted."""
        return self.calling.made(service, path, body, role="counsellor")

    def refused(self, service: str, path: str, body: Any) -> str:
        """Ask for what must be refused; gives the problem's code."""
        _, code, _ = self.calling.refused(service, path, body, role="counsellor")
        return code

    def seeker(self, **details: Any) -> str:
        return self.made("intake", "/seekers", forms.seeker(wanted_occupations=["02"], **details))["seeker_id"]

    def vacancy(self, **details: Any) -> str:
        employer_id = self.calling.made("intake", "/employers", forms.employer())["employer_id"]
        return self.made("matching", "/vacancies", forms.vacancy(employer_id, **details))["vacancy_id"]

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

    def events_of(self, seeker_id: str) -> list[tuple[str, Any]]:
        """Give the types and data of what reporting knows of a person, profiles left out, in the order of recording."""
        rows = self.calling.query(
            "reporting", "SELECT type, data FROM ledger WHERE key = $1 ORDER BY recorded_at, position", seeker_id
        )
        return [(row["type"].removeprefix("jobplus."), orjson.loads(row["data"])) for row in rows]
