"""How the unplaced change: who registers is one more from that day on, by what the registration tells; who is placed
through the centre is one less from that day on, by the same.

Who was unplaced when a day ended is the sum of the changes up to it; as it was known at a moment, of those recorded by
then. A person's changes follow from the set of their registrations and placements, and of the merges that make two
records one person's, in the order of recording. What an event adds is the difference of two such folds (decision 22).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from services.reporting.figures.dimensions import Dimensions
from services.reporting.figures.model import Happening, PersonEvent, PersonHistory
from services.reporting.figures.united import Merge, circle

History = Literal["registered", "placed"]
HISTORIES: tuple[History, ...] = ("registered", "placed")

Histories = Mapping[PersonHistory, Sequence[Happening]]
"""What is known of persons."""


class Change(NamedTuple):
    """From which day on the unplaced are others, by what a registration told, and when that became known."""

    occurred_on: date
    recorded_at: datetime
    dimensions: Dimensions


class Step(NamedTuple):
    """What a person's changes follow from, in the order of recording: an event of a history, or a merge into
    another's."""

    recorded_at: datetime
    event_id: UUID
    person_id: UUID
    what: tuple[History, Happening] | UUID


Span = tuple[date, date | None, Dimensions]
"""The day since which a person is unplaced, the day of the placement, and what the registration told."""


def beside(history: str) -> tuple[History, ...]:
    """Give the histories that must be known to tell what an event of one changes."""
    return HISTORIES if history in HISTORIES else ()


def moved(histories: Histories, merges: Sequence[Merge], person: PersonEvent, new: Happening) -> Counter[Change]:
    """Give the changes that an event of a person adds, which isn't among what is known yet."""
    if person.history == "registered" or person.history == "placed":
        step = Step(new.recorded_at, new.event_id, person.person_id, (person.history, new))
    elif person.history == "merged" and person.counts:
        merge = Merge(new.recorded_at, new.event_id, person.person_id, new.subject)
        step, merges = _merging(merge), [*merges, merge]
    else:
        return Counter()
    known = _steps(histories, circle(person.person_id, merges), merges)
    before = [one for one in known if one.event_id != step.event_id]
    found = changes([*before, step])
    found.subtract(changes(before))
    return Counter({change: amount for change, amount in found.items() if amount})


def _merging(merge: Merge) -> Step:
    return Step(merge.recorded_at, merge.event_id, merge.merged_id, merge.person_id)


def _steps(histories: Histories, whole: Iterable[UUID], merges: Iterable[Merge]) -> list[Step]:
    whole = {*whole}
    return [
        *(_merging(merge) for merge in merges if merge.merged_id in whole),
        *(
            Step(one.recorded_at, one.event_id, person_id, (history, one))
            for person_id in whole
            for history in HISTORIES
            for one in histories.get((person_id, history), ())
        ),
    ]


def changes(steps: Iterable[Step]) -> Counter[Change]:
    """Give the changes that follow from all steps of some persons."""
    now: dict[UUID, UUID] = {}
    told: defaultdict[UUID, dict[History, list[Happening]]] = defaultdict(lambda: {"registered": [], "placed": []})
    found: Counter[Change] = Counter()
    for recorded_at, _, person_id, what in sorted(steps, key=lambda step: step[:2]):
        one = _now(person_id, now)
        before = _spans(told[one])
        if isinstance(what, UUID):
            other = _now(what, now)
            if one == other:
                continue
            before += _spans(told[other])
            for history, happenings in told.pop(one).items():
                told[other][history] += happenings
            now[one] = one = other
        else:
            history, happening = what
            told[one][history].append(happening)
        for spans, amount in ((_spans(told[one]), 1), (before, -1)):
            for first, until, dimensions in spans:
                found[Change(first, recorded_at, dimensions)] += amount
                if until:
                    found[Change(until, recorded_at, dimensions)] -= amount
    return Counter({change: amount for change, amount in found.items() if amount})


def _now(person_id: UUID, now: Mapping[UUID, UUID]) -> UUID:
    while person_id in now:
        person_id = now[person_id]
    return person_id


def _spans(told: Mapping[History, Sequence[Happening]]) -> list[Span]:
    """Give the span in which one person is unplaced, if there is any."""
    if not told["registered"]:
        return []
    first = min(told["registered"], key=lambda one: (one.occurred_on, one.recorded_at, one.event_id))
    corrected = {one.subject for one in told["placed"] if not one.counts}
    until = min((one.occurred_on for one in told["placed"] if one.subject not in corrected), default=None)
    if until is not None and until <= first.occurred_on:
        return []
    return [(first.occurred_on, until, first.dimensions)]
