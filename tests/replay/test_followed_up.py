"""What the replay takes down of its contacts is what followup's rules and reporting's counting make of them."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest
import uuid_utils.compat as uuids

from chassis.batch.decisions import Accepted, Actor, Decision, Now
from contracts import Event
from contracts.cases import Placed
from contracts.followups import FollowUpMade
from jobplus.replay.driving.calls import Calls
from jobplus.replay.driving.care import Care, FollowedUp
from services.followup.contacts import rules
from services.followup.contacts.commands import (
    AnnounceContacts,
    CancelContacts,
    OutcomeForm,
    PlanContacts,
    RecordContact,
)
from services.followup.contacts.model import Employment
from services.reporting.figures.persons import facts_of, person_events
from tests.followup.states import unmerged
from tests.kit.events import corrected, placed, somebody

OPENED, LAST = date(2009, 2, 2), date(2010, 6, 30)
STEPS = ("1w", "1m", "3m", "6m", "12m")


class Followup:
    """Followup in memory, by its own rules, asked as the replay asks it."""

    def __init__(self) -> None:
        self.seekers: dict[str, int] = {}
        self.ids: dict[str, dict[int, str]] = {"self_found": {}}
        self.ended: dict[str, dict[int, str]] = {"placement": {}}
        self.events: dict[UUID, list[Event]] = {}
        self._day = OPENED
        self._jobs: dict[UUID, Employment] = {}

    def hear(self, on: date, *, alone: bool) -> Placed:
        """Hear, late or not, of a placement on a day; give it."""
        placement = placed(somebody(), on).model_copy(update={"source": "self_found" if alone else "referral"})
        number = len(self._jobs)
        self.seekers[str(placement.seeker_id)] = number
        if alone:
            self.ids["self_found"][number] = str(placement.placement_id)
        self._take(rules.plan(None, None, unmerged(placement), PlanContacts(placement, STEPS), self._now))
        return placement

    def hear_of_correction(self, placement: Placed) -> None:
        """Hear, late or not, that a placement never was; reporting hears of it too."""
        job = self._jobs[placement.placement_id]
        self._take(rules.cancel(job, CancelContacts(job.placement_id), self._now))
        self.events[job.placement_id].append(corrected(placement, self._day))

    def move_to(self, day: date) -> None:
        self._day = day
        for job in [*self._jobs.values()]:
            self._take(rules.announce(job, AnnounceContacts(job.placement_id), self._now))

    def asker(self, service: str, bearer: object = None) -> "Followup":
        return self

    async def of_seeker(self, service: str, seeker: str, ask: Any, first: str | None = None) -> Any:
        return await ask(self, "c-1")

    async def get(self, path: str) -> dict[str, object]:
        status = "cancelled" if "status=cancelled" in path else "due"
        contacts = [
            {
                "contact_id": str(contact.contact_id),
                "placement_id": str(contact.placement_id),
                "seeker_id": str(contact.seeker_id),
                "step": contact.step,
                "due_on": contact.due_on.isoformat(),
                "attempts": contact.attempts,
            }
            for job in self._jobs.values()
            for contact in job.contacts
            if contact.status == status and (contact.try_on is None or contact.try_on <= self._day)
        ]
        return {"contacts": contacts, "next": None}

    async def post(self, path: str, body: dict[str, Any], _: str) -> None:
        contact_id: Any = UUID(path.split("/")[2])
        job = next(job for job in self._jobs.values() if job.contact(contact_id))
        self._take(rules.record(job, RecordContact(contact_id, OutcomeForm.model_validate(body)), self._now))

    @property
    def _now(self) -> Now:
        return Now(datetime.combine(self._day, datetime.min.time(), UTC), self._day, Actor("counsellor", "c-1"))

    def _take(self, decision: Decision) -> None:
        assert isinstance(decision, Accepted), decision
        for job in (state for state in decision.states if isinstance(state, Employment)):
            self._jobs[job.placement_id] = job
            self.events.setdefault(job.placement_id, []).extend(cast(tuple[Event, ...], decision.events))


def counted(followup: Followup) -> FollowedUp:
    """Count what followup published as reporting does."""
    came = FollowedUp()
    by_measure = {
        "retention_due": came.due,
        "retention_reached": came.reached,
        "retention_still_employed": came.still_employed,
    }
    for events in followup.events.values():
        told = [one.happening(event, uuids.uuid7()) for event in events for one in person_events(event)]
        for fact, amount in facts_of("retention", told).items():
            if fact.occurred_on <= LAST:
                step = str(dict(fact.dimensions)["step"])
                by_measure[fact.measure][step] += amount
                if (fact.measure, step) == ("retention_still_employed", "6m"):
                    came.after_half_a_year[fact.occurred_on.year] += amount
    return came


@pytest.mark.parametrize("seed", range(3))
async def test_the_contacts_of_a_replay_come_to_what_is_published_of_them(seed: int) -> None:
    followup, rng = Followup(), random.Random(seed)
    care = Care(cast(Calls, followup), seed)
    heard: Counter[int] = Counter(rng.randrange(500) for _ in range(80))
    for number in range((LAST - OPENED).days + 1):
        followup.move_to(day := OPENED + timedelta(number))
        for _ in range(heard[number]):
            followup.hear(day - timedelta(rng.choice((0, 0, 0, 2, 40))), alone=rng.random() < 0.2)
        if number % 5 == 0 and number < 500:
            await care.contacts(day)

    came = await care.followed_up(LAST)

    assert came == counted(followup)
    assert came.after_half_a_year.total() == came.still_employed["6m"]
    assert came.due.total() > came.reached.total() > came.still_employed.total() > 0


async def test_nobody_is_asked_about_a_placement_that_never_was_before_followup_hears_of_the_correction() -> None:
    followup = Followup()
    care = Care(cast(Calls, followup), 1)
    followup.move_to(OPENED)
    stands, never_was = (followup.hear(OPENED, alone=False) for _ in range(2))
    followup.ended["placement"][1] = str(never_was.placement_id)
    followup.move_to(day := OPENED + timedelta(40))
    await care.contacts(day)
    followup.hear_of_correction(never_was)
    await care.contacts(day)

    came = await care.followed_up(day)

    assert not any(isinstance(event, FollowUpMade) for event in followup.events[never_was.placement_id])
    assert any(isinstance(event, FollowUpMade) for event in followup.events[stands.placement_id])
    assert came == counted(followup)
    assert came.due == Counter({"1w": 1, "1m": 1})
