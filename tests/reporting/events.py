"""Events as their owners would publish them, and the records they come in."""

import itertools
import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import uuid_utils.compat as uuids

from chassis.cloudevents import Attributes, to_headers
from chassis.heard import partition_of
from contracts import Event
from contracts.cases import (
    InternshipBrokenOff,
    InternshipCompleted,
    InternshipConverted,
    Placed,
    PlacementCorrected,
    ReferralAnswered,
    ReferralEnded,
    ReferralMade,
)
from contracts.codes import AGE_BANDS, CHANNELS
from contracts.counselling import BusinessLaunched, CounsellorAssigned, SessionHeld
from contracts.counsellors import CounsellorJoined, CounsellorLeft
from contracts.firms import EmployerJoined
from contracts.followups import EmploymentEnded, FollowUpDue, FollowUpMade
from contracts.seekers import SeekerRegistered, SeekersMerged
from contracts.surveys import SurveyAnswered, SurveyDrawn
from contracts.vacancies import VacancyOpened

NINE = datetime(2009, 3, 2, 0, 0, tzinfo=UTC)
"""Nine in the morning in Seoul, on 2009-03-02."""

WOMAN = {"age_band": "30-39", "gender": "female", "district": "11440", "wanted_occupations": ("02", "10")}


def stamp(day: date, recorded_at: datetime | None = None) -> dict[str, Any]:
    """The provenance of an event of a day, recorded at nine on that day unless said otherwise."""
    at = recorded_at or NINE + timedelta(days=(day - NINE.date()).days)
    return {"occurred_on": day, "recorded_at": at, "actor": {"role": "counsellor", "id": "c-1"}, "rule": "test"}


def registered(seeker: UUID, day: date, at: datetime | None = None, **person: Any) -> SeekerRegistered:
    return SeekerRegistered.model_validate({**stamp(day, at), "seeker_id": seeker, "person": {**WOMAN, **person}})


def merged(seeker: UUID, merged_id: UUID, day: date, at: datetime | None = None) -> SeekersMerged:
    return SeekersMerged.model_validate({**stamp(day, at), "seeker_id": seeker, "merged_id": merged_id})


def session(client: UUID, day: date, at: datetime | None = None, **given: Any) -> SessionHeld:
    fields = {
        "session_id": uuids.uuid7(), "counsellor_id": uuids.uuid7(), "registered": True, "kind": "job",
        "channel": "visit", "minutes": 30, "person": WOMAN, **given,
    }  # fmt: skip
    return SessionHeld.model_validate({**stamp(day, at), "client_id": client, **fields})


def referral(seeker: UUID, day: date, at: datetime | None = None, **given: Any) -> ReferralMade:
    fields = {
        "referral_id": uuids.uuid7(), "vacancy_id": uuids.uuid7(), "employer_id": uuids.uuid7(),
        "occupation": "02", "sector": "private", "employment": "permanent", "person": WOMAN, **given,
    }  # fmt: skip
    return ReferralMade.model_validate({**stamp(day, at), "seeker_id": seeker, **fields})


def referral_answered(seeker: UUID, day: date, answer: str, reason: str | None = None) -> ReferralAnswered:
    fields = {
        "referral_id": uuids.uuid7(), "vacancy_id": uuids.uuid7(), "employer_id": uuids.uuid7(),
        "occupation": "02", "person": WOMAN, "answer": answer, "reason": reason,
    }  # fmt: skip
    return ReferralAnswered.model_validate({**stamp(day), "seeker_id": seeker, **fields})


def referral_ended(seeker: UUID, day: date, reason: str) -> ReferralEnded:
    fields = {
        "referral_id": uuids.uuid7(), "vacancy_id": uuids.uuid7(), "employer_id": uuids.uuid7(),
        "occupation": "02", "person": WOMAN, "reason": reason,
    }  # fmt: skip
    return ReferralEnded.model_validate({**stamp(day), "seeker_id": seeker, **fields})


def placed(seeker: UUID, day: date, at: datetime | None = None, **given: Any) -> Placed:
    fields = {
        "placement_id": uuids.uuid7(), "source": "referral", "occupation": "02", "wanted": True,
        "sector": "private", "employment": "permanent", "person": WOMAN, **given,
    }  # fmt: skip
    return Placed.model_validate({**stamp(day, at), "seeker_id": seeker, **fields})


def corrected(placement: Placed | InternshipConverted, day: date, at: datetime | None = None) -> PlacementCorrected:
    fields = {"placement_id": placement.placement_id, "reason": "never_started", "person": WOMAN}
    return PlacementCorrected.model_validate({**stamp(day, at), "seeker_id": placement.seeker_id, **fields})


def _of_placement(placement: Placed) -> dict[str, Any]:
    return {
        "seeker_id": placement.seeker_id, "placement_id": placement.placement_id,
        "person": placement.person.model_dump(mode="json"),
    }  # fmt: skip


def _job(event: Placed | FollowUpDue) -> dict[str, Any]:
    return event.model_dump(include={"occupation", "sector", "employment", "source"})


def follow_up_due(placement: Placed, day: date, at: datetime | None = None, *, step: str) -> FollowUpDue:
    contact = {"contact_id": uuids.uuid7(), "step": step, "due_on": day}
    return FollowUpDue.model_validate({**stamp(day, at), **_of_placement(placement), **_job(placement), **contact})


def follow_up_made(
    due: FollowUpDue, day: date, at: datetime | None = None, *, outcome: str, attempt: int = 1
) -> FollowUpMade:
    given = {"contact_id": due.contact_id, "step": due.step, "outcome": outcome, "attempt": attempt}
    person = {"seeker_id": due.seeker_id, "placement_id": due.placement_id, "person": due.person.model_dump()}
    return FollowUpMade.model_validate({**stamp(day, at), **person, **_job(due), **given})


def employment_ended(
    placement: Placed, day: date, at: datetime | None = None, *, unasked: dict[str, date], **given: Any
) -> EmploymentEnded:
    steps = [{"step": step, "due_on": due_on} for step, due_on in unasked.items()]
    fields = {"reason": "resigned", **_job(placement), "unasked": steps, **given}
    return EmploymentEnded.model_validate({**stamp(day, at), **_of_placement(placement), **fields})


def launched(client: UUID, day: date) -> BusinessLaunched:
    return BusinessLaunched.model_validate({**stamp(day), "client_id": client, "launch_id": uuids.uuid7()})


def employer_joined(day: date) -> EmployerJoined:
    given = {"employer_id": uuids.uuid7(), "size": "small", "district": "11440"}
    return EmployerJoined.model_validate({**stamp(day), **given})


def vacancy_opened(day: date) -> VacancyOpened:
    given = {
        "vacancy_id": uuids.uuid7(), "employer_id": uuids.uuid7(), "occupation": "11", "openings": 3,
        "sector": "public", "employment": "fixed_term", "district": "outside",
    }  # fmt: skip
    return VacancyOpened.model_validate({**stamp(day), **given})


def intern_of(seeker: UUID) -> dict[str, Any]:
    return {"seeker_id": seeker, "person": {**WOMAN, "age_band": "-29"}, "internship_id": uuids.uuid7()}


def internship_broken_off(intern: dict[str, Any], day: date) -> InternshipBrokenOff:
    return InternshipBrokenOff.model_validate({**stamp(day), **intern, "by": "intern"})


def internship_completed(intern: dict[str, Any], day: date) -> InternshipCompleted:
    return InternshipCompleted.model_validate({**stamp(day), **intern})


def internship_converted(
    intern: dict[str, Any], day: date, completed_on: date, at: datetime | None = None
) -> InternshipConverted:
    given = {"placement_id": uuids.uuid7(), "completed_on": completed_on}
    return InternshipConverted.model_validate({**stamp(day, at), **given, **intern})


def survey_drawn(survey: UUID, day: date, asked: int) -> SurveyDrawn:
    given = {"survey_id": survey, "asked": asked, "period_from": day - timedelta(days=90), "period_to": day}
    return SurveyDrawn.model_validate({**stamp(day), **given})


def survey_answered(survey: UUID, day: date, answer: int) -> SurveyAnswered:
    return SurveyAnswered.model_validate({**stamp(day), "survey_id": survey, "answer": answer})


def contact(day: date, **given: Any) -> FollowUpMade:
    fields = {
        "seeker_id": uuids.uuid7(), "placement_id": uuids.uuid7(), "contact_id": uuids.uuid7(), "person": WOMAN,
        "step": "6m", "outcome": "still_employed", "attempt": 1, **given,
    }  # fmt: skip
    return FollowUpMade.model_validate({**stamp(day), **fields})


def counsellor_joined(counsellor: UUID, day: date) -> CounsellorJoined:
    return CounsellorJoined.model_validate({**stamp(day), "counsellor_id": counsellor, "groups": ["youth"]})


def counsellor_left(counsellor: UUID, day: date) -> CounsellorLeft:
    return CounsellorLeft.model_validate({**stamp(day), "counsellor_id": counsellor})


def assigned(seeker: UUID, day: date, **given: Any) -> CounsellorAssigned:
    fields = {"counsellor_id": uuids.uuid7(), "group": "women", "reason": "registered", "person": WOMAN, **given}
    return CounsellorAssigned.model_validate({**stamp(day), "client_id": seeker, **fields})


class Record(NamedTuple):
    """A record as a consumer reads it."""

    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


class Sources:
    """Numbers events as their owners' outboxes would."""

    def __init__(self) -> None:
        self._last: defaultdict[tuple[str, str], int] = defaultdict(int)

    def record(self, event: Event, *, event_id: UUID | None = None, sequence: int | None = None) -> Record:
        """Write an event as the next of its topic and key, or under a given number; its offset is still open."""
        topic = event.topic
        if sequence is None:
            sequence = self._last[topic.name, event.key] + 1
            self._last[topic.name, event.key] = sequence
        attributes = Attributes(
            event_id or uuids.uuid7(), f"/jobplus/{topic.owner}", event.type, event.recorded_at, event.key,
            sequence, "why", "because",
        )  # fmt: skip
        partition = partition_of(event.key, topic.partitions)
        return Record(topic.name, partition, -1, event.key.encode(), event.encode(), to_headers(attributes))

    def records(self, events: Sequence[Event]) -> list[Record]:
        return [self.record(event) for event in events]


class Partitions:
    """Gives records their offsets, in the order in which they are appended."""

    def __init__(self) -> None:
        self._next: defaultdict[tuple[str, int], int] = defaultdict(int)

    def append(self, records: Sequence[Record]) -> list[Record]:
        placed_records: list[Record] = []
        for record in records:
            address = record.topic, record.partition
            placed_records.append(record._replace(offset=self._next[address]))
            self._next[address] += 1
        return placed_records


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
                intern = {**intern_of(seeker), "person": person, "placement_id": made.placement_id}
                conversion = internship_converted(intern, made.occurred_on, made.occurred_on, made.recorded_at)
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
