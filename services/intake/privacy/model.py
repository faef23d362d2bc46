"""What a person said about the uses of their data."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from chassis.batch.decisions import Actor
from chassis.batch.effects import Effect
from contracts.counselling import OpeningReason
from contracts.ids import CounsellorId, SeekerId
from contracts.seekers import ConsentPurpose

Look = Literal[
    "record",
    "search",
    "duplicates",
    "consents",
    "sos_care",
    "total_care",
    "sessions",
    "launches",
    "contact_details",
    "opening",
    "registered",
]
"""By what someone saw personal data."""


class Quota(NamedTuple):
    """How many persons whom others counsel somebody may be shown on one day."""

    counsellor: int
    manager: int

    def of(self, role: str) -> int | None:
        """Give the quota of a role; None where there is another bound: the evaluation office asks by invitations."""
        return {"counsellor": self.counsellor, "manager": self.manager}.get(role)


class ConsentKey(NamedTuple):
    """A person, and one use of their data."""

    seeker_id: SeekerId
    purpose: ConsentPurpose


@dataclass(frozen=True, slots=True, order=True)
class SurveyInvitation(Effect):
    """An invitation to a survey of `drawn_on`. The digest of its id and the person's is all that is known of it."""

    digest: str
    drawn_on: date


@dataclass(frozen=True, slots=True)
class Opening(Effect):
    """That a counsellor opened, for a day, the record of a seeker whom another one counsels, and why. `opened_by` is
    who they are as a reader."""

    opening_id: UUID
    seeker_id: SeekerId
    counsellor_id: CounsellorId
    reason: OpeningReason
    opened_on: date
    opened_at: datetime
    opened_by: Actor


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person said last about a purpose, on `occurred_on`, having read a version of the text about it.

    `by_role` and `by_id` are who took it down at `recorded_at`.
    """

    key: ConsentKey
    given: bool
    text_version: str
    occurred_on: date
    recorded_at: datetime
    by_role: str
    by_id: str
