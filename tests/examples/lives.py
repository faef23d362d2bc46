"""Lives of clients of SOS-Care, as events in the order in which they are published, and what must be known of them in
the end, worked out without Kafka."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from uuid import UUID

from contracts.cases import Placed, PlacementCorrected
from contracts.event import Event
from contracts.followups import EmploymentEnded
from contracts.seekers import SeekerErased, SeekersMerged, SosCareEnded, SosCareGranted
from tests.kit import events

FIRST = date(2026, 1, 5)


def lives(persons: int, seed: int) -> list[Event]:
    """Draw the lives of so many persons, laid side by side: what is told of one stays in order."""
    draw = Random(seed)
    drawn = [_life(draw) for _ in range(persons)]
    laid: list[Event] = []
    while drawn:
        life = draw.choice(drawn)
        laid.append(life.pop(0))
        drawn = [one for one in drawn if one]
    return laid


def _life(draw: Random) -> list[Event]:
    seeker, day = events.somebody(), FIRST + timedelta(draw.randrange(200))
    life: list[Event] = [events.registered(seeker, day), events.care_granted(seeker, day)]
    for _ in range(draw.randrange(4)):
        job = events.placed(seeker, day)
        life.append(job)
        match draw.randrange(4):
            case 0:
                life.append(events.employment_ended(job, day + timedelta(30)))
            case 1:
                life.append(events.corrected(job, day + timedelta(3)))
            case 2:
                life += [events.care_ended(seeker, day), events.care_granted(seeker, day + timedelta(60))]
            case _:
                life.append(events.session(seeker, day))
    if draw.random() < 0.3:
        life.append(events.care_ended(seeker, day + timedelta(90)))
    if draw.random() < 0.2:
        other = events.somebody()
        life = [events.registered(other, day), events.care_granted(other, day), *life]
        life.append(events.merged(seeker, other, day + timedelta(91)))
        if draw.random() < 0.5:
            last = events.somebody()
            life += [events.registered(last, day), events.merged(last, seeker, day + timedelta(92))]
    if draw.random() < 0.1:
        life += [events.erased(UUID(key), day + timedelta(95)) for key in sorted({event.key for event in life})]
        if draw.random() < 0.5:
            life.append(events.placed(seeker, day + timedelta(96)))
    return life


@dataclass
class Known:
    """What an office must know: spells of care, jobs as (since, until, never), and who is whom."""

    care: dict[str, list[bool]] = field(default_factory=dict)
    jobs: dict[str, tuple[str, str | None, str | None, bool]] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)

    def of(self, story: list[Event]) -> "Known":
        """Take in a whole story, in the order in which it happened."""
        for event in story:
            if event.key not in self.erased:
                self._take(event)
        return self

    def _take(self, event: Event) -> None:
        day = str(event.occurred_on)
        match event:
            case SosCareGranted() | SosCareEnded():
                self.care.setdefault(event.key, []).append(isinstance(event, SosCareGranted))
            case Placed():
                self.jobs[str(event.placement_id)] = (event.key, day, None, False)
            case EmploymentEnded():
                self.jobs[str(event.placement_id)] = (*self.jobs[str(event.placement_id)][:2], day, False)
            case PlacementCorrected():
                self.jobs[str(event.placement_id)] = (*self.jobs[str(event.placement_id)][:3], True)
            case SeekersMerged():
                self.merged[str(event.merged_id)] = event.key
            case SeekerErased():
                self.erased.add(event.key)
                self.care.pop(event.key, None)
                self.jobs = {name: job for name, job in self.jobs.items() if job[0] != event.key}
                self.merged = {was: now for was, now in self.merged.items() if event.key not in (was, now)}
            case _:
                pass

    def clients(self) -> dict[str, str | None]:
        """Give who is in care, by the number that stayed, each with the day since which they work."""
        found: dict[str, str | None] = {}
        for seeker, spells in self.care.items():
            if spells[-1]:
                found[self._stays(seeker)] = None
        for seeker, since, until, never in self.jobs.values():
            stays = self._stays(seeker)
            if stays in found and until is None and not never:
                found[stays] = max(since or "", found[stays] or "")
        return found

    def _stays(self, seeker: str) -> str:
        while seeker in self.merged:
            seeker = self.merged[seeker]
        return seeker
