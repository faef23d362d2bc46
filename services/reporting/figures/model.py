"""A fact, and what is known of a person."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from contracts.codes import FollowUpStep
from contracts.event import Event
from services.reporting.figures.dimensions import Dimensions
from services.reporting.figures.measures import Measure

PersonsOf = Literal["registered", "referred", "placed", "self_found", "sos_care_placed"]
"""What distinct persons are counted of."""

Folded = PersonsOf | Literal["internships_converted"]
"""What is counted by the set of a person's events: distinct persons, and what a correction may take out."""

HistoryName = Folded | Literal["retention"]
"""What a person's events are kept for: each is folded by itself."""

VISITED_FIRST = 5
"""How many occupations with the most unplaced seekers the field discovery team goes by: so many are published."""


PersonHistory = tuple[UUID, str]
"""A person, and a history of theirs, or `merged`."""


class Fact(NamedTuple):
    """What an event adds to a measure (or takes from it): when it occurred, and when that became known."""

    measure: Measure
    occurred_on: date
    recorded_at: datetime
    dimensions: Dimensions


class FollowUp(NamedTuple):
    """What follow-up care tells of a placement: that a step is due (`due`), what came of a contact of a step, or that
    the job has ended (`ended`), with the day of each step that nobody is asked at any more."""

    said: Literal["due", "still_employed", "left", "changed_job", "not_reached", "ended"]
    step: FollowUpStep | None = None
    due_on: date | None = None
    unasked: tuple[tuple[FollowUpStep, date], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Write it as a row keeps it."""
        told: dict[str, Any] = {"said": self.said}
        if self.step:
            told["step"] = self.step
        if self.due_on:
            told["due_on"] = self.due_on
        if self.said == "ended":
            told["unasked"] = [{"step": step, "due_on": due_on} for step, due_on in self.unasked]
        return told

    @staticmethod
    def from_json(told: Mapping[str, Any]) -> "FollowUp":
        """Read what a row keeps."""
        due_on = told.get("due_on")
        return FollowUp(
            told["said"],
            told.get("step"),
            date.fromisoformat(due_on) if due_on else None,
            tuple((one["step"], date.fromisoformat(one["due_on"])) for one in told.get("unasked", ())),
        )


class Happening(NamedTuple):
    """One event in a person's history: it makes its subject count, or (a correction) stop counting."""

    recorded_at: datetime
    event_id: UUID
    subject: UUID
    counts: bool
    occurred_on: date
    dimensions: Dimensions
    follow_up: FollowUp | None = None


class PersonEvent(NamedTuple):
    """What an event says of one person: of a history, or that two records are theirs."""

    history: HistoryName | Literal["merged"]
    person_id: UUID
    subject: UUID
    counts: bool
    dimensions: Dimensions
    follow_up: FollowUp | None = None

    def happening(self, event: Event, event_id: UUID) -> Happening:
        """Give what it is in the person's history."""
        return Happening(
            event.recorded_at, event_id, self.subject, self.counts, event.occurred_on, self.dimensions, self.follow_up
        )


class Occurrence(NamedTuple):
    """What counts: on which day, and by which dimensions."""

    occurred_on: date
    dimensions: Dimensions


CountedOnce = tuple[Measure, int | str]
"""What counts at most once: a measure, and of it the year, the subject or the step, or 0 for the first time ever."""
