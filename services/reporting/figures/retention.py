"""Retention: of the placements through the centre, who still has the job when a step of follow-up care comes.

A placement is due on the step's day; reached when a contact of that step has reached the seeker, or the job is known to
have ended before the step's day; still employed when the contact said so. Who changed the job is reached, and not
still employed. The last of several tries is what counts, and a placement that never was counts nowhere.

What is counted follows from the set of all that is known, so the sums are the same in whatever order events arrive.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

from contracts.event import Event
from contracts.followups import EmploymentEnded, FollowUpDue, FollowUpMade
from services.reporting.figures.flows import bands, job
from services.reporting.figures.measures import JOB, PERSON
from services.reporting.figures.model import CountedOnce, Dimensions, Happening, Occurrence, PersonEvent, dimensions


def _due(event: FollowUpDue) -> tuple[PersonEvent, ...]:
    told = dimensions(said="due", step=event.step, due_on=event.due_on.isoformat(), **job(event), **bands(event.person))
    return (PersonEvent("retention", event.seeker_id, event.placement_id, True, told),)


def _made(event: FollowUpMade) -> tuple[PersonEvent, ...]:
    told = dimensions(said=event.outcome, step=event.step, **job(event), **bands(event.person))
    return (PersonEvent("retention", event.seeker_id, event.placement_id, True, told),)


def _ended(event: EmploymentEnded) -> tuple[PersonEvent, ...]:
    unasked = " ".join(f"{one.step}={one.due_on}" for one in event.unasked)
    told = dimensions(said="ended", unasked=unasked, **job(event), **bands(event.person))
    return (PersonEvent("retention", event.seeker_id, event.placement_id, True, told),)


TOLD: Mapping[type[Event], Callable[[Any], tuple[PersonEvent, ...]]] = {
    FollowUpDue: _due,
    FollowUpMade: _made,
    EmploymentEnded: _ended,
}


def counted(happenings: Sequence[Happening]) -> dict[CountedOnce, Occurrence]:
    """Say what counts of a person's placements at each step."""
    never_were = {happening.subject for happening in happenings if not happening.counts}
    by_placement: defaultdict[UUID, list[Happening]] = defaultdict(list)
    for happening in happenings:
        if happening.subject not in never_were:
            by_placement[happening.subject].append(happening)
    return {
        (measure, f"{placement} {step}"): occurrence
        for placement, told in by_placement.items()
        for measure, step, occurrence in _of_placement(told)
    }


def _of_placement(happenings: Sequence[Happening]) -> Iterator[tuple[Any, str, Occurrence]]:
    told = [(happening.occurred_on, _read(happening.dimensions)) for happening in happenings]
    if any(known.get("source") == "self_found" for _, known in told):
        return
    ended_on = min((day for day, known in told if known["said"] == "ended"), default=date.max)
    for step, (due_on, of) in _steps(told).items():
        cohort = {"step": step, "due_on": due_on.isoformat(), **of}
        yield "retention_due", step, Occurrence(due_on, dimensions(step=step, **of))
        answers = [
            (max(day, due_on), known["said"])
            for day, known in told
            if known.get("step") == step and known["said"] not in {"due", "not_reached"}
        ]
        if answers:
            reached_on, said = min(answers)
            yield "retention_reached", step, Occurrence(reached_on, dimensions(**cohort))
            if said == "still_employed":
                yield "retention_still_employed", step, Occurrence(reached_on, dimensions(**cohort))
        elif ended_on < due_on:
            yield "retention_reached", step, Occurrence(due_on, dimensions(**cohort))


def _steps(told: Sequence[tuple[date, Mapping[str, str]]]) -> dict[str, tuple[date, dict[str, str]]]:
    """Give the day of each step, and what the job and the person are counted by: of those announced, and of those that
    nobody asks about."""
    steps: dict[str, tuple[date, dict[str, str]]] = {}
    for _, known in told:
        of = {name: known[name] for name in (*JOB, *PERSON) if name in known}
        if known["said"] == "due":
            steps[known["step"]] = date.fromisoformat(known["due_on"]), of
        elif known["said"] == "ended":
            for one in known["unasked"].split():
                step, _, due_on = one.partition("=")
                steps.setdefault(step, (date.fromisoformat(due_on), of))
    return steps


@lru_cache(maxsize=50_000)
def _read(given: Dimensions) -> Mapping[str, str]:
    return orjson.loads(given)
