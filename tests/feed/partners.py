"""What tests say of the feed: what is granted, who is linked, what a partner reads and prints."""

import itertools
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import orjson

from contracts.event import Event
from jobplus.stack.keys import Role
from jobplus.stack.local import Stack
from tests.kit.client import Reply, StackClient
from tests.kit.events import consented, registered, somebody
from tests.kit.topics import Topics

DAY = date(2011, 3, 2)
SOS_CARE = {"jobplus.SosCareGranted": ["occurred_on", "person.district"], "jobplus.SosCareEnded": ["reason"]}

_numbers = itertools.count(1)


class Partner:
    """A partner that reads its feed on from where it stands."""

    def __init__(self, feed: "Feed", name: str) -> None:
        self.name = name
        self._feed = feed
        self.position: str | None = None

    def get(self, path: str = "/feed", *, accept: str = "*/*", last: str | None = None) -> Reply:
        headers = {**self._feed.calling.bearing("partner", subject=self.name), "Accept": accept}
        headers |= {"Last-Event-ID": last} if last else {}
        return self._feed.calling.send("feed", "GET", path, None, headers)

    def post(self, path: str, body: Any, key: str | None = None) -> Reply:
        return self._change("POST", path, body, key)

    def put(self, path: str, body: Any, key: str | None = None) -> Reply:
        return self._change("PUT", path, body, key)

    def _change(self, method: str, path: str, body: Any, key: str | None) -> Reply:
        headers = self._feed.calling.bearing("partner", subject=self.name)
        headers |= {"Content-Type": "application/json", "Idempotency-Key": key or str(uuid4())}
        return self._feed.calling.send("feed", method, path, orjson.dumps(body), headers)

    def read(self, query: str = "") -> list[dict[str, Any]]:
        """The events after those that were read, all that there are."""
        at = f"lastEventId={self.position}&" if self.position else ""
        reply = self.get(f"/feed?{at}{query}")
        assert reply.status == 200, reply
        if reply.json:
            self.position = reply.json[-1]["id"]
        return reply.json

    def told(self) -> list[tuple[str, str | None, dict[str, Any]]]:
        """What the events after those that were read tell: type, client number, data."""
        return [(e["type"].removeprefix("jobplus."), e.get("subject"), e["data"]) for e in self.read()]


class Feed:
    """The feed of a stack, whose events are written as their owners write them."""

    def __init__(self, stack: Stack, topics: Topics) -> None:
        self.calling = StackClient(stack)
        self.topics = topics

    def hears(self, *events: Event) -> None:
        """Publish events, and wait until the feed has taken them in."""
        self.topics.publish(events)
        self.calling.settle(["feed"])

    def partner(self, **given: Any) -> Partner:
        """A partner of a name that nobody has, to which something is granted."""
        partner = Partner(self, f"partner-{next(_numbers)}")
        self.grant(partner, **given)
        return partner

    def stranger(self) -> Partner:
        """A partner to which nothing was ever granted."""
        return Partner(self, f"partner-{next(_numbers)}")

    def grant(self, partner: Partner, **given: Any) -> str:
        form = {"partner": partner.name, "ground": "consent", "types": SOS_CARE, **given}
        return self.calling.made("feed", "/grants", form)["grant_id"]

    def seeker(self, *, consents: bool = True) -> UUID:
        """A seeker of whom the feed has heard, who agrees that partners in care are told of them."""
        seeker = somebody()
        self.hears(*self.registration(seeker, consents=consents))
        return seeker

    def registration(self, seeker: UUID, *, consents: bool = True) -> Sequence[Event]:
        agreed = [consented(seeker, DAY, given=True, purpose="care_partners")] if consents else []
        return [registered(seeker, DAY), *agreed]

    def link(self, partner: Partner, seeker: UUID, number: str | None = None) -> str:
        """Link a seeker, under a number of their own unless one is given; gives the number."""
        number = number or f"W-{next(_numbers)}"
        form = {"partner": partner.name, "client_number": number, "seeker_id": str(seeker)}
        self.calling.made("feed", "/links", form)
        return number

    def code(self, partner: Partner, seeker: UUID) -> str:
        """A code for a seeker to take to a partner."""
        return self.calling.made("feed", "/codes", {"partner": partner.name, "seeker_id": str(seeker)})["code"]

    def refused(self, path: str, body: Any, *, role: Role = "manager") -> tuple[int, str, list[str]]:
        return self.calling.refused("feed", path, body, role=role)

    def printed(self, seeker: UUID) -> list[dict[str, Any]]:
        """What was passed on of a seeker."""
        reply = self.calling.get("feed", f"/seekers/{seeker}/passed-on")
        assert reply.status == 200, reply
        return reply.json["passed_on"]
