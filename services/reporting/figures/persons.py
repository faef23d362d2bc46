"""Distinct persons: a person's facts follow from the set of that person's events, in the order of recording.

Each history of distinct persons gives two measures, the first time ever (`registered`, `referred`, `placed`, ...) and
the first in each calendar year (the same with `_in_year`), and a third where each subject counts by itself
(`placements`). When an earlier one is recorded late, or the first is corrected away, the person moves: -1 and +1, dated
by the event that caused it. In `internships_converted` each subject counts by itself alone: it is a history as a
correction of the placement takes its conversion out. `retention` see there.

`move` is the difference of two folds, so the sums are the same in whatever order events arrive.
"""

from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

from contracts.cases import InternshipConverted, Placed, PlacementCorrected, ReferralMade
from contracts.codes import is_public_job
from contracts.event import Event
from contracts.seekers import SeekerRegistered, SeekersMerged
from services.reporting.figures import retention
from services.reporting.figures.dimensions import bands, dimensions
from services.reporting.figures.measures import Measure
from services.reporting.figures.model import (
    CountedOnce,
    Fact,
    Folded,
    Happening,
    HistoryName,
    Occurrence,
    PersonEvent,
    PersonsOf,
)
from services.reporting.figures.rows import PERSONS

FIRST_IN_YEAR: Mapping[Folded, Measure] = {row.measure: row.in_year[0] for row in PERSONS}
"""The measure that counts each person of a history once in a calendar year."""

FOLDED: tuple[Folded, ...] = (*FIRST_IN_YEAR, "internships_converted")
"""The histories that a merge makes one person's."""

OF_PLACEMENTS: tuple[HistoryName, ...] = (
    "placed",
    "self_found",
    "sos_care_placed",
    "internships_converted",
    "retention",
)
"""The histories whose subjects are placements."""

EACH: Mapping[Folded, Measure] = {"placed": "placements", "internships_converted": "internships_converted"}
"""The measure that counts every valid subject of a history, where there is one."""

ONCE: frozenset[PersonsOf] = frozenset({"registered"})
"""Where only the first ever counts, in its year, too: whoever comes back, or was entered twice, is no other person."""

MERGED: Literal["merged"] = "merged"
"""Which records were merged: no history of its own, but what makes the histories of two records one person's."""


def _registered(event: SeekerRegistered) -> tuple[PersonEvent, ...]:
    given = dimensions(wanted_occupation=event.person.wanted_occupations[0], **bands(event.person))
    return (PersonEvent("registered", event.seeker_id, event.seeker_id, True, given),)


def _referred(event: ReferralMade) -> tuple[PersonEvent, ...]:
    given = dimensions(occupation=event.occupation, **bands(event.person))
    return (PersonEvent("referred", event.seeker_id, event.referral_id, True, given),)


def _placed(event: Placed) -> tuple[PersonEvent, ...]:
    history: PersonsOf = "self_found" if event.source == "self_found" else "placed"
    given = dimensions(
        occupation=event.occupation,
        sector=event.sector,
        employment=event.employment,
        source=event.source,
        wanted=event.wanted,
        found_in=str(event.occurred_on.year) if event.visit_id else None,
        **{**bands(event.person), "programme": event.programme or event.person.programme},
    )
    placed = PersonEvent(history, event.seeker_id, event.placement_id, True, given)
    in_care = history == "placed" and event.person.programme == "sos_care"
    if in_care and is_public_job(event.sector, event.employment):
        return placed, placed._replace(history="sos_care_placed")
    return (placed,)


def _converted(event: InternshipConverted) -> tuple[PersonEvent, ...]:
    completed_on = event.completed_on or event.occurred_on
    given = dimensions(completed_in=str(completed_on.year), occupation=event.occupation, **bands(event.person))
    return (PersonEvent("internships_converted", event.seeker_id, event.placement_id, True, given),)


def _corrected(event: PlacementCorrected) -> tuple[PersonEvent, ...]:
    """The placement is in some of the histories, the event doesn't say in which."""
    told = (event.seeker_id, event.placement_id, False, dimensions())
    return tuple(PersonEvent(history, *told) for history in OF_PLACEMENTS)


def _merged(event: SeekersMerged) -> tuple[PersonEvent, ...]:
    """Told of both, so that each leads to the other; it counts for the one that is no more."""
    return (
        PersonEvent(MERGED, event.merged_id, event.seeker_id, True, dimensions()),
        PersonEvent(MERGED, event.seeker_id, event.merged_id, False, dimensions()),
    )


TOLD: Mapping[type[Event], Callable[[Any], tuple[PersonEvent, ...]]] = {
    SeekerRegistered: _registered,
    ReferralMade: _referred,
    Placed: _placed,
    InternshipConverted: _converted,
    PlacementCorrected: _corrected,
    SeekersMerged: _merged,
    **retention.TOLD,
}


def person_events(event: Event) -> tuple[PersonEvent, ...]:
    """Say what an event tells of a person, nothing when nothing is counted by persons."""
    told = TOLD.get(type(event))
    return told(event) if told else ()


def facts_of(history: HistoryName, happenings: Iterable[Happening]) -> Counter[Fact]:
    """Give the facts that follow from all of a person's events, with their amounts."""
    return _facts_from(history, sorted(happenings), 0)


def move(history: HistoryName, known: Iterable[Happening], new: Happening) -> Counter[Fact]:
    """Give the facts that a new event adds to what a person's known events have given.

    That is `facts_of` with it less `facts_of` without it; both begin alike, up to where the new event belongs.
    """
    ordered = sorted(known)
    place = bisect(ordered, new)
    facts = _facts_from(history, [*ordered[:place], new, *ordered[place:]], place)
    facts.subtract(_facts_from(history, ordered, place))
    return Counter({fact: amount for fact, amount in facts.items() if amount})


def _facts_from(history: HistoryName, ordered: Sequence[Happening], start: int) -> Counter[Fact]:
    """Give the facts of a person's events in order, without those of the events before `start`."""
    facts: Counter[Fact] = Counter()
    count = retention.counted if history == "retention" else partial(counted, history)
    before = count(ordered[:start])
    for end in range(start + 1, len(ordered) + 1):
        after, recorded_at = count(ordered[:end]), ordered[end - 1].recorded_at
        for once in before.keys() | after.keys():
            old, new = before.get(once), after.get(once)
            if old == new:
                continue
            if old is not None:
                facts[Fact(once[0], old.occurred_on, recorded_at, old.dimensions)] -= 1
            if new is not None:
                facts[Fact(once[0], new.occurred_on, recorded_at, new.dimensions)] += 1
        before = after
    return facts


def counted(history: Folded, happenings: Sequence[Happening]) -> dict[CountedOnce, Occurrence]:
    """Say which of a person's events counts where: the first ever, the first in each year, and each by itself."""
    corrected = {happening.subject for happening in happenings if not happening.counts}
    valid = {happening.subject: happening for happening in happenings if happening.subject not in corrected}
    found: dict[CountedOnce, Occurrence] = {}
    for happening in sorted(valid.values(), key=lambda h: (h.occurred_on, h.recorded_at, h.event_id)):
        if history in ONCE and found:
            break
        occurrence = Occurrence(happening.occurred_on, happening.dimensions)
        if history in FIRST_IN_YEAR:
            found.setdefault((history, 0), occurrence)
            found.setdefault((FIRST_IN_YEAR[history], happening.occurred_on.year), occurrence)
        if history in EACH:
            found[EACH[history], happening.subject.int] = occurrence
    return found
