"""A counsellor's client, and the opening of one's record to another counsellor. No rule asks what was: events come in
order."""

from dataclasses import dataclass
from datetime import date

from chassis.batch.effects import Effect
from contracts.ids import CounsellorId, SeekerId


@dataclass(frozen=True, slots=True)
class Client(Effect):
    """The seeker whom a counsellor has from now on."""

    seeker_id: SeekerId
    counsellor_id: CounsellorId


@dataclass(frozen=True, slots=True, order=True)
class Opening(Effect):
    """That a record is open, on a day, to a counsellor who doesn't have the seeker."""

    seeker_id: SeekerId
    opened_on: date
    counsellor_id: CounsellorId


@dataclass(frozen=True, slots=True)
class ForgottenClient(Effect):
    """That nothing is kept of a seeker any more."""

    seeker_id: SeekerId
