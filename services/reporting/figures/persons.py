"""Distinct persons: a person's facts follow from the set of that person's events, in the order of recording.

Each history gives three measures: the first time ever (`registered`, `referred`, `placed`), the first in each
calendar year (the same with `_in_year`), and, for placements, each one that is valid (`placements`). When an earlier
one is recorded late, or the first is corrected away, the person moves: -1 and +1, dated by the event that caused it.

`move` is a difference of two folds, so the sums are the same in whatever order events arrive.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple
from uuid import UUID

from contracts.cases import Placed, PlacementCorrected, ReferralMade
from contracts.event import Event
from contracts.seekers import SeekerRegistered
from services.reporting.figures.flows import bands
from services.reporting.figures.model import Dimensions, Fact, Happening, dimensions

History = Literal["registered", "referred", "placed"]

EACH: Mapping[History, str] = {"placed": "placements"}
"""The measure that counts every valid subject of a history, where there is one."""


class PersonEvent(NamedTuple):
    """What an event says of one person."""

    history: History
    person_id: UUID
    subject: UUID
    counts: bool
    dimensions: Dimensions


def _registered(event: SeekerRegistered) -> PersonEvent:
    given = dimensions(occupation_wanted=event.person.wanted_occupations[0], **bands(event.person))
    return PersonEvent("registered", event.seeker_id, event.seeker_id, True, given)


def _referred(event: ReferralMade) -> PersonEvent:
    given = dimensions(occupation=event.occupation, **bands(event.person))
    return PersonEvent("referred", event.seeker_id, event.referral_id, True, given)


def _placed(event: Placed) -> PersonEvent | None:
    if event.source == "self_found":
        return None
    given = dimensions(
        occupation=event.occupation,
        sector=event.sector,
        employment=event.employment,
        source=event.source,
        wanted=event.wanted,
        **{**bands(event.person), "programme": event.programme or event.person.programme},
    )
    return PersonEvent("placed", event.seeker_id, event.placement_id, True, given)


def _corrected(event: PlacementCorrected) -> PersonEvent:
    return PersonEvent("placed", event.seeker_id, event.placement_id, False, dimensions())


PERSONS: Mapping[type[Event], Callable[[Any], PersonEvent | None]] = {
    SeekerRegistered: _registered,
    ReferralMade: _referred,
    Placed: _placed,
    PlacementCorrected: _corrected,
}


def person_event(event: Event) -> PersonEvent | None:
    """Say what an event tells of a person, None when nothing that is counted by persons."""
    told = PERSONS.get(type(event))
    return told(event) if told else None


def facts_of(history: History, happenings: Iterable[Happening]) -> Counter[Fact]:
    """Give the facts that follow from a person's events, with their amounts."""
    facts: Counter[Fact] = Counter()
    valid: dict[UUID, Happening] = {}
    corrected: set[UUID] = set()
    before: dict[tuple[str, int], Happening] = {}
    for happening in sorted(happenings):
        if not happening.counts:
            corrected.add(happening.subject)
            valid.pop(happening.subject, None)
        elif happening.subject not in corrected:
            valid[happening.subject] = happening
        after = _counted(history, valid.values())
        for place in before.keys() | after.keys():
            old, new = before.get(place), after.get(place)
            if old != new:
                if old is not None:
                    facts[Fact(place[0], old.occurred_on, happening.recorded_at, old.dimensions)] -= 1
                if new is not None:
                    facts[Fact(place[0], new.occurred_on, happening.recorded_at, new.dimensions)] += 1
        before = after
    return facts


def _counted(history: History, valid: Iterable[Happening]) -> dict[tuple[str, int], Happening]:
    """Say which happening counts in which place: ever, in each year, and each by itself."""
    counted: dict[tuple[str, int], Happening] = {}
    for happening in sorted(valid, key=lambda h: (h.occurred_on, h.recorded_at, h.event_id)):
        counted.setdefault((history, 0), happening)
        counted.setdefault((f"{history}_in_year", happening.occurred_on.year), happening)
        if history in EACH:
            counted[EACH[history], happening.subject.int] = happening
    return counted


def move(history: History, known: Iterable[Happening], new: Happening) -> Counter[Fact]:
    """Give the facts that a new event adds to what a person's known events have given."""
    known = list(known)
    facts = facts_of(history, [*known, new])
    facts.subtract(facts_of(history, known))
    return Counter({fact: amount for fact, amount in facts.items() if amount})
