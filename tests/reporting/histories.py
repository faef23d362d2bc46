"""Histories drawn by chance: what happens to many persons, and the orders in which it may arrive."""

import itertools
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import uuid_utils.compat as uuids

from contracts import Event
from contracts.cases import Placed
from contracts.codes import AGE_BANDS, CHANNELS
from tests.kit.events import (
    WOMAN,
    corrected,
    employment_ended,
    follow_up_due,
    follow_up_made,
    internship_converted,
    internship_started,
    placed,
    referral,
    registered,
    session,
)
from tests.kit.records import Record


def shuffled(records: Sequence[Record], rnd: random.Random) -> list[Record]:
    """Mix topics and keys against each other; what shares both stays in order."""
    streams: dict[tuple[str, bytes], list[Record]] = {}
    for record in records:
        streams.setdefault((record.topic, record.key), []).append(record)
    turns = [address for address, stream in streams.items() for _ in stream]
    rnd.shuffle(turns)
    left = {address: iter(stream) for address, stream in streams.items()}
    return [next(left[address]) for address in turns]


def a_history(rnd: random.Random, persons: int) -> list[Event]:
    """A few years of persons with late, early and corrected placements, in the order of recording."""
    moments = itertools.count()
    start = date(2008, 11, 1)

    def day() -> date:
        return start + timedelta(days=rnd.randrange(600))

    events: list[tuple[datetime, Event]] = []

    def add(make: Any, subject: Any, on: date, known_after: datetime | None = None, **given: Any) -> Any:
        recorded = datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(
            days=rnd.choice((0, 0, 0, 3, 200)), hours=rnd.randrange(24), microseconds=next(moments)
        )
        if known_after is not None:
            recorded = max(recorded, known_after + timedelta(hours=1))
        event = make(subject, on, recorded, **given)
        events.append((recorded, event))
        return event

    for _ in range(persons):
        seeker, band = uuids.uuid7(), rnd.choice(AGE_BANDS)
        person = {**WOMAN, "age_band": band}
        add(registered, seeker, day(), age_band=band, wanted_occupations=(rnd.choice(("01", "02", "11")), "10"))
        for _ in range(rnd.randrange(4)):
            kind, channel = rnd.choice(("job", "startup")), rnd.choice(CHANNELS)
            add(session, seeker, day(), kind=kind, channel=channel, person=person)
        for _ in range(rnd.randrange(4)):
            add(referral, seeker, day(), person=person)
        for _ in range(rnd.choice((0, 1, 1, 2, 3))):
            source, occupation = rnd.choice(("referral", "internship", "self_found")), rnd.choice(("01", "02", "11"))
            made = add(placed, seeker, day(), source=source, occupation=occupation, person=person)
            if source == "internship":
                conversion = internship_converted(
                    internship_started(seeker, made.occurred_on, person=person),
                    made.occurred_on, made.occurred_on, made.recorded_at, placement_id=made.placement_id,
                )  # fmt: skip
                events.append((made.recorded_at, conversion))
            if rnd.random() < 0.3:
                add(corrected, made, made.occurred_on, made.recorded_at)
            _cared_for(add, made, rnd)
    events.sort(key=lambda timed: timed[0])
    return [event for _, event in events]


def _cared_for(add: Any, placement: Placed, rnd: random.Random) -> None:
    """Add what follow-up care tells of a placement, in the order in which it would."""
    steps = {step: placement.occurred_on + timedelta(days=days) for step, days in (("1m", 30), ("3m", 91), ("6m", 182))}
    known = placement.recorded_at
    while steps:
        step, day = next(iter(steps.items()))
        known = max(known, datetime(day.year, day.month, day.day, tzinfo=UTC))
        if rnd.random() < 0.3:
            ended = day - timedelta(days=rnd.randrange(1, 20))
            add(employment_ended, placement, ended, known, unasked=steps)
            return
        del steps[step]
        due = add(follow_up_due, placement, day, known, step=step)
        known = due.recorded_at
        tries = rnd.choice((["still_employed"], ["not_reached", "still_employed"], ["changed_job"], ["not_reached"]))
        for attempt, outcome in enumerate(tries, 1):
            day += timedelta(days=rnd.randrange(5))
            made = add(follow_up_made, due, day, known, outcome=outcome, attempt=attempt)
            known = made.recorded_at
        if tries == ["changed_job"]:
            add(employment_ended, placement, day, known, unasked=steps, changed_job=True)
            return
