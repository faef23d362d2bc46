"""What is kept of a person."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from chassis.batch.aggregates import Find
from chassis.batch.effects import Effect
from contracts.ids import CounsellorId, SeekerId


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
    nothing; `stays` the record that they are known by since this one was given up; `counsellor_id` whom they were
    assigned to last."""

    seeker_id: SeekerId
    consents: bool | None = None
    said_at: datetime | None = None
    cares: tuple[Care, ...] = ()
    stays: SeekerId | None = None
    erased: bool = False
    counsellor_id: CounsellorId | None = None


@dataclass(frozen=True, slots=True, order=True)
class Opening(Effect):
    """That a record is open, on a day, to a counsellor who doesn't have the seeker."""

    seeker_id: SeekerId
    opened_on: date
    counsellor_id: CounsellorId


@dataclass(frozen=True, slots=True)
class FormerCounsellor(Effect):
    """A counsellor who is out of service, and nobody's any more."""

    counsellor_id: CounsellorId
