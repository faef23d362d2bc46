"""Persons whose records were merged: one person from the merge on, two before it.

The facts of all whom merges unite follow from the set of their events and of the merges, in the order of recording. At
a merge the events of both become one person's, and what then counts twice is taken back by facts of the other sign,
dated by the merge. Before that moment everything stays known as it was.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.reporting.figures.measures import Measure
from services.reporting.figures.model import Fact, Folded, Happening, Occurrence
from services.reporting.figures.persons import counted


class Merge(NamedTuple):
    """The record `merged_id` was found to be `person_id`'s."""

    recorded_at: datetime
    event_id: UUID
    merged_id: UUID
    person_id: UUID


def circle(person_id: UUID, merges: Iterable[Merge]) -> frozenset[UUID]:
    """Give everyone whom merges unite with a person, whenever they do, and the person."""
    pairs = [{merge.merged_id, merge.person_id} for merge in merges]
    found = {person_id}
    while wider := {one for pair in pairs if pair & found for one in pair} - found:
        found |= wider
    return frozenset(found)


def united_facts(
    history: Folded, happenings: Mapping[UUID, Sequence[Happening]], merges: Collection[Merge]
) -> Counter[Fact]:
    """Give the facts that follow from all events of some persons, and from the merges among them."""
    steps = sorted(
        [((h.recorded_at, h.event_id), person_id, h) for person_id, known in happenings.items() for h in known]
        + [((m.recorded_at, m.event_id), m.merged_id, m) for m in merges],
        key=lambda step: step[0],
    )
    known: dict[UUID, list[Happening]] = {}
    now_is: dict[UUID, UUID] = {}
    facts: Counter[Fact] = Counter()
    for (recorded_at, _), person_id, step in steps:
        one = _now(person_id, now_is)
        before = _counted(history, known.get(one, ()))
        if isinstance(step, Merge):
            other = _now(step.person_id, now_is)
            if one == other:
                continue
            before += _counted(history, known.get(other, ()))
            known[other] = [*known.get(other, ()), *known.pop(one, ())]
            now_is[one] = other
            one = other
        else:
            known.setdefault(one, []).append(step)
        for measure, occurrence in _counted(history, known[one]):
            facts[Fact(measure, occurrence.occurred_on, recorded_at, occurrence.dimensions)] += 1
        for measure, occurrence in before:
            facts[Fact(measure, occurrence.occurred_on, recorded_at, occurrence.dimensions)] -= 1
    return Counter({fact: amount for fact, amount in facts.items() if amount})


def _counted(history: Folded, happenings: Sequence[Happening]) -> list[tuple[Measure, Occurrence]]:
    return [(measure, occurrence) for (measure, _), occurrence in counted(history, happenings).items()]


def difference(after: Counter[Fact], before: Counter[Fact]) -> Counter[Fact]:
    """Give what must be added to the one count to make it the other."""
    moved = after.copy()
    moved.subtract(before)
    return Counter({fact: amount for fact, amount in moved.items() if amount})


def _now(person_id: UUID, now_is: Mapping[UUID, UUID]) -> UUID:
    while person_id in now_is:
        person_id = now_is[person_id]
    return person_id
