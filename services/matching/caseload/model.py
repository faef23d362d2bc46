"""A counsellor's client, and the opening of one's record to another counsellor."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from contracts.ids import CounsellorId, SeekerId


@dataclass(frozen=True, slots=True)
class Client:
    """The seeker whom a counsellor has, None once they were erased. Nothing of it is loaded: events come in order, and
    no rule asks what was."""

    seeker_id: SeekerId
    counsellor_id: CounsellorId | None


class Opening(NamedTuple):
    """That a record is open, on a day, to a counsellor who doesn't have the seeker. It is only ever added."""

    seeker_id: SeekerId
    opened_on: date
    counsellor_id: CounsellorId
