"""Retention: of the placements through the centre, who still has the job when a step of follow-up care comes.

A placement is due on the step's day; reached when a contact of that step has reached the seeker, or the job is known to
have ended before the step's day; still employed when the contact said so. Who changed the job is reached, and not
still employed. The last of several tries is what counts, and a placement that never was counts nowhere. An outcome
that isn't known says nothing.

What is counted follows from the set of all that is known, so the sums are the same in whatever order events arrive.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from contracts.codes import FollowUpStep
from contracts.event import Event
from contracts.followups import EmploymentEnded, FollowUpDue, FollowUpMade
from contracts.open_codes import UNKNOWN
from services.reporting.figures.dimensions import Dimensions, bands, dimensions, job, with_one
from services.reporting.figures.measures import JOB, PERSON, Measure
from services.reporting.figures.model import CountedOnce, FollowUp, Happening, Occurrence, PersonEvent

COUNTED_BY = frozenset({*JOB, *PERSON})
"""What a placement is counted by, as each of its events tells it."""


def _told(event: FollowUpDue | FollowUpMade | EmploymentEnded, follow_up: FollowUp) -> tuple[PersonEvent, ...]:
    counted_by = dimensions(**job(event), **bands(event.person))
    return (PersonEvent("retention", event.seeker_id, event.placement_id, True, counted_by, follow_up),)


def _due(event: FollowUpDue) -> tuple[PersonEvent, ...]:
    return _told(event, FollowUp("due", event.step, event.due_on))


def _made(event: FollowUpMade) -> tuple[PersonEvent, ...]:
    return _told(event, FollowUp(event.outcome, event.step))


def _ended(event: EmploymentEnded) -> tuple[PersonEvent, ...]:
    return _told(event, FollowUp("ended", unasked=tuple((one.step, one.due_on) for one in event.unasked)))


TOLD: Mapping[type[Event], Callable[[Any], tuple[PersonEvent, ...]]] = {
    FollowUpDue: _due,
    FollowUpMade: _made,
    EmploymentEnded: _ended,
}


def counted(happenings: Sequence[Happening]) -> dict[CountedOnce, Occurrence]:
    """Say what counts of a person's placements at each step."""
    never_were = {happening.subject for happening in happenings if not happening.counts}
    by_placement: defaultdict[UUID, list[tuple[Happening, FollowUp]]] = defaultdict(list)
    for happening in happenings:
        if happening.subject not in never_were:
            assert happening.follow_up is not None
            by_placement[happening.subject].append((happening, happening.follow_up))
    return {
        (measure, f"{placement} {step}"): occurrence
        for placement, told in by_placement.items()
        for measure, step, occurrence in _of_placement(told)
    }


def _of_placement(told: Sequence[tuple[Happening, FollowUp]]) -> Iterator[tuple[Measure, str, Occurrence]]:
    if any(("source", "self_found") in happening.dimensions for happening, _ in told):
        return
    ended_on = min((happening.occurred_on for happening, known in told if known.said == "ended"), default=date.max)
    for step, (due_on, counted_by) in _steps(told).items():
        of_step = with_one(counted_by, "step", step)
        yield "retention_due", step, Occurrence(due_on, of_step)
        answers = [
            (max(happening.occurred_on, due_on), known.said)
            for happening, known in told
            if known.step == step and known.said not in {"due", "not_reached", UNKNOWN}
        ]
        if answers:
            reached_on, said = min(answers)
            cohort = Occurrence(reached_on, with_one(of_step, "due_on", due_on.isoformat()))
            yield "retention_reached", step, cohort
            if said == "still_employed":
                yield "retention_still_employed", step, cohort
        elif ended_on < due_on:
            yield "retention_reached", step, Occurrence(due_on, with_one(of_step, "due_on", due_on.isoformat()))


def _steps(told: Sequence[tuple[Happening, FollowUp]]) -> dict[FollowUpStep, tuple[date, Dimensions]]:
    """Give the day of each step, and what the placement is counted by: of those announced, and of those that nobody
    asks about."""
    steps: dict[FollowUpStep, tuple[date, Dimensions]] = {}
    for happening, known in told:
        if known.said == "due" and known.step and known.due_on:
            steps[known.step] = known.due_on, happening.dimensions
        for step, due_on in known.unasked:
            steps.setdefault(step, (due_on, happening.dimensions))
    return steps
