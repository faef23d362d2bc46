"""Followup on a real stack as its neighbours know it: events in, its day, its interface, events out."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from contracts.cases import Placed
from contracts.event import Event
from contracts.topics import FOLLOWUPS, Topic
from jobplus.stack.local import Stack
from tests.kit.client import Reply, StackClient
from tests.kit.events import placed, somebody
from tests.kit.topics import Published, Topics
from tests.kit.waiting import until


class Care:
    """Places people, moves followup's day, works its contacts, and reads what it published."""

    def __init__(self, stack: Stack, topics: Topics) -> None:
        self.stack = stack
        self.calling = StackClient(stack)
        self._topics = topics

    def publish(self, events: Sequence[Event], *, ids: Sequence[UUID] | None = None) -> list[Any]:
        """Write events to their topics as a relay would; gives where each stands."""
        return self._topics.publish(events, ids=ids)

    def apply(self, events: Sequence[Event], *, ids: Sequence[UUID] | None = None) -> None:
        """Publish events, and wait until followup has applied each of them."""
        written = self.publish(events, ids=ids)

        def left() -> int:
            rows = self.calling.query("followup", "SELECT topic, partition, next_offset FROM consumer_offset")
            following = {(row["topic"], row["partition"]): row["next_offset"] for row in rows}
            return sum(following.get((one.topic, one.partition), 0) <= one.offset for one in written)

        until(left, "followup has applied what was published", lambda count: count == 0)

    def place(self, on: date) -> Placed:
        """Have somebody placed, and followup know of it."""
        placement = placed(somebody(), on)
        self.publish([placement])
        until(lambda: self.contacts_of(placement), "followup knows of the placement")
        return placement

    def today(self) -> date:
        """Followup's day."""
        return self.calling.today("followup")

    def move_to(self, day: date) -> None:
        """Move followup's day on; it never goes back."""
        self.calling.move_to(day, ["followup"])

    def contacts_of(self, placement: Placed) -> dict[str, tuple[str, str]]:
        """Give the id and status of each contact, by step."""
        rows = self.calling.query(
            "followup",
            "SELECT step, contact_id, status FROM contact WHERE placement_id = $1 ORDER BY due_on",
            placement.placement_id,
        )
        return {row["step"]: (str(row["contact_id"]), row["status"]) for row in rows}

    def statuses_of(self, placement: Placed) -> dict[str, str]:
        return {step: status for step, (_, status) in self.contacts_of(placement).items()}

    def is_now(self, placement: Placed, **statuses: str) -> None:
        """Wait until contacts have these statuses (`_1w="due"`)."""
        wanted = {step.removeprefix("_"): status for step, status in statuses.items()}
        until(
            lambda: self.statuses_of(placement),
            f"the contacts are {wanted}",
            lambda found: wanted.items() <= found.items(),
        )

    def outcome(self, contact_id: str, key: str | None = None, **form: Any) -> Reply:
        return self.calling.post("followup", f"/contacts/{contact_id}/outcome", form, key=key)

    def ending(self, placement_id: UUID, **form: Any) -> Reply:
        return self.calling.post("followup", f"/placements/{placement_id}/ending", form)

    def settled(self) -> None:
        """Wait until all that was published is applied, what is due is done, and the outbox is empty."""
        self.calling.settle(("followup",))

    def published(self, topic: Topic = FOLLOWUPS) -> Sequence[Published]:
        """Give all that stands on a topic of followup, each partition in order."""
        return self._topics.read(topic)

    def events_of(self, placement: Placed) -> list[Any]:
        """Give what followup published about a placement, in order."""
        self.settled()
        return [one.event for one in self.published() if one.event.placement_id == placement.placement_id]
