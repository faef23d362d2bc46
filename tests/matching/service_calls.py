"""Intake and matching as a counsellor asks them, and followup's news of jobs that have ended, for tests."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from contracts.event import Event
from contracts.topics import Topic
from jobplus.stack.local import Stack
from tests.kit import forms
from tests.kit.client import Reply, Row, StackClient
from tests.kit.events import employment_ended, placed
from tests.kit.topics import Topics
from tests.kit.waiting import until


class Caller:
    """Asks matching, or intake where told so; again for as long as an id is not known yet."""

    def __init__(self, stack: Stack, topics: Topics) -> None:
        self.calling = StackClient(stack)
        self._topics = topics

    def post(self, path: str, body: Any, *, service: str = "matching", role: Any = "manager") -> Reply:
        return self.calling.ask(service, path, body, role=role)

    def made(self, path: str, body: Any, *, service: str = "matching") -> dict[str, Any]:
        """Ask for what must be accepted."""
        return self.calling.made(service, path, body)

    def refused(self, path: str, body: Any) -> tuple[int, str, str | None]:
        """Ask for what must be refused; gives the status, the problem's code and the field."""
        status, code, fields = self.calling.refused("matching", path, body)
        return status, code, fields[0] if fields else None

    def get(self, path: str) -> Any:
        """Read what must be there."""
        reply = self.read(path)
        assert reply.status == 200, reply
        return reply.json

    def read(self, path: str, *, role: Any = "manager") -> Reply:
        """Read, whatever is answered."""
        return self.calling.get("matching", path, role=role)

    def query(self, sql: str, *arguments: Any) -> list[Row]:
        """Give the rows of a statement in matching's database."""
        return self.calling.query("matching", sql, *arguments)

    def seeker(self, **details: Any) -> str:
        form = forms.seeker(**{"birth_date": "1980-03-01", "wanted_occupations": ["02"], **details})
        return self.made("/seekers", form, service="intake")["seeker_id"]

    def employer(self) -> str:
        return self.made("/employers", forms.employer(), service="intake")["employer_id"]

    def vacancy(self, employer_id: str, **details: Any) -> str:
        return self.made("/vacancies", forms.vacancy(employer_id, **details))["vacancy_id"]

    def referral(self, seeker_id: str, vacancy_id: str, answer: str | None = "accepted") -> str:
        made = self.made("/referrals", {"seeker_id": seeker_id, "vacancy_id": vacancy_id})
        if answer:
            self.made(f"/referrals/{made['referral_id']}/answer", {"answer": answer})
        return made["referral_id"]

    def answer(self, referral_id: str, answer: str, *, version: int | None = None, **form: Any) -> Reply:
        """Answer a referral, as it was read under a version."""
        etag = None if version is None else f'"{version}"'
        body = {"answer": answer, **form}
        return self.calling.post("matching", f"/referrals/{referral_id}/answer", body, version=etag)

    def candidates(self, vacancy_id: str) -> list[Any]:
        return self.get(f"/vacancies/{vacancy_id}/candidates?limit=100")["candidates"]

    def publish(self, events: Sequence[Event]) -> None:
        """Write events to their topics as a relay would."""
        self._topics.publish(events)

    def job_ended(self, seeker_id: str, placement_id: str, day: date, **given: Any) -> None:
        """Have followup tell that a job has ended."""
        job = placed(UUID(seeker_id), day, placement_id=UUID(placement_id))
        self.publish([employment_ended(job, day, **given)])

    def published(self, topic: Topic, key: str, last: str) -> Sequence[tuple[str, dict[str, Any]]]:
        """Wait for the first event of a key that is of the type `last`; gives it, and those before it."""

        def told() -> list[tuple[str, dict[str, Any]]]:
            events = [(one.name, one.data) for one in self._topics.read(topic) if one.key == key]
            names = [name for name, _ in events]
            return events[: names.index(last) + 1] if last in names else []

        return until(told, f"{topic.name} tells {last} of {key}")

    def history(self, topic: Topic, key: str) -> list[tuple[str, dict[str, Any]]]:
        """Give all events of a key by now."""
        return [(one.name, one.data) for one in self._topics.read(topic) if one.key == key]
