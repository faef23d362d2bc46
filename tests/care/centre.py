"""The centre as its counsellors use it: what they ask, the day, and what was published of a person."""

from datetime import date
from typing import Any, get_args

import orjson

from contracts.codes import ClientGroup
from jobplus.stack.keys import Bearer
from jobplus.stack.local import Stack
from tests.kit import forms
from tests.kit.client import Reply, StackClient, Who


class Centre:
    """Asks the services of a stack, each act as the one whose it is: the counsellor at the desk, the one who has the
    seeker, or the firm; repeats what the services have not heard of yet."""

    def __init__(self, stack: Stack) -> None:
        self.calling = StackClient(stack)
        self._desk: Who = "counsellor"

    def open(self, day: date) -> None:
        """Begin on a day, with a counsellor at the desk."""
        self.move_to(day)
        form = forms.counsellor(*get_args(ClientGroup), occurred_on=str(day))
        self._desk = Bearer("counsellor", self.calling.made("intake", "/counsellors", form)["counsellor_id"])

    def move_to(self, day: date) -> None:
        """Move the day on in every service; it never goes back."""
        self.calling.move_to(day)

    def ask(self, service: str, path: str, body: Any) -> Reply:
        """Ask as the counsellor at the desk, or as the one who has the seeker, if that is another."""
        reply = self.calling.ask(service, path, body, role=self._desk)
        if reply.code != "seeker-of-another":
            return reply
        whose = Bearer("counsellor", reply.json["facts"]["counsellor_id"])
        return self.calling.ask(service, path, body, role=whose)

    def made(self, service: str, path: str, body: Any) -> Any:
        """Ask for what must be accepted."""
        reply = self.ask(service, path, body)
        assert reply.status in {200, 201}, reply
        return reply.json

    def refused(self, service: str, path: str, body: Any) -> str:
        """Ask for what must be refused; gives the problem's code."""
        return self.ask(service, path, body).problem[1]

    def seeker(self, **details: Any) -> str:
        return self.made("intake", "/seekers", forms.seeker(wanted_occupations=["02"], **details))["seeker_id"]

    def vacancy(self, **details: Any) -> str:
        """A firm joins, and opens a vacancy."""
        form = forms.employer()
        joining = Bearer("employer", business_number=form["business_number"])
        employer_id = self.calling.made("intake", "/employers", form, role=joining)["employer_id"]
        vacancy, firm = forms.vacancy(employer_id, **details), Bearer("employer", employer_id)
        return self.calling.made("matching", "/vacancies", vacancy, role=firm)["vacancy_id"]

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
        """Give the types and data of what reporting knows of a person, profiles and whose they are left out, in the
        order of recording."""
        rows = self.calling.query(
            "reporting",
            """SELECT type, data FROM ledger WHERE key = $1 AND type <> 'jobplus.CounsellorAssigned'
               ORDER BY recorded_at, position""",
            seeker_id,
        )
        return [(row["type"].removeprefix("jobplus."), orjson.loads(row["data"])) for row in rows]
