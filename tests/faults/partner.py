"""A partner beside the load: some of those who are registered are linked to it, and at the end it reads its whole log.

A link is asked until it is answered, so that who is linked is known; what is granted happens to them after that alone.
"""

import threading
import uuid
from collections.abc import Iterator
from urllib.parse import urlencode

from tests.faults.checker import Heard
from tests.kit.client import StackClient

NAME = "local-partner"
"""By the token of the local stack."""
GRANTED = {
    "jobplus.SeekerWithdrawn": "jobplus.seekers",
    "jobplus.ReferralMade": "jobplus.cases",
    "jobplus.ReferralAnswered": "jobplus.cases",
    "jobplus.Placed": "jobplus.cases",
    "jobplus.EmploymentEnded": "jobplus.followups",
}
"""The types, each with its topic."""
BATCH = 500


class Partner:
    """The partner, its grant and its clients; several threads may link."""

    def __init__(self) -> None:
        self._clients: dict[str, str] = {}
        self._lock = threading.Lock()

    def grant(self, calling: StackClient) -> None:
        """Have it granted what the load does with those who are registered."""
        form = {"partner": NAME, "ground": "law", "law": "welfare act", "types": {kind: [] for kind in GRANTED}}
        calling.made("feed", "/grants", form)

    def number(self) -> str:
        """A client number that nobody has."""
        return f"F-{uuid.uuid4().hex[:12]}"

    def note(self, number: str, seeker_id: str) -> None:
        """Note whom a number stands for: a link was answered as made."""
        with self._lock:
            self._clients[number] = seeker_id

    @property
    def clients(self) -> dict[str, str]:
        """By client number the seeker."""
        with self._lock:
            return dict(self._clients)

    def reads(self, calling: StackClient) -> Iterator[Heard]:
        """Read the log from its beginning to its end."""
        after: str | None = None
        while True:
            query = urlencode({"limit": BATCH, **({"lastEventId": after} if after else {})})
            reply = calling.get("feed", f"/feed?{query}", role="partner")
            assert reply.status == 200, reply
            if not reply.json:
                return
            for event in reply.json:
                yield Heard(event["id"], event["type"], event["subject"])
            after = reply.json[-1]["id"]
