"""What is kept of a person."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from chassis.batch.aggregates import Find
from contracts.ids import SeekerId


class Care(NamedTuple):
    """A time in SOS-Care, from a day on, until the day on which it ended; None while it lasts."""

    since: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class PersonOfCode(Find):
    """The seeker whom a one-time code was given for, by its hash."""

    digest: bytes


@dataclass(frozen=True, slots=True)
class Person:
    """A seeker. `consents` is what they said last of `care_partners`, recorded at `said_at`, None where they said
    nothing; `stays` the record that they are known by since this one was given up."""

    seeker_id: SeekerId
    consents: bool | None = None
    said_at: datetime | None = None
    cares: tuple[Care, ...] = ()
    stays: SeekerId | None = None
    erased: bool = False
