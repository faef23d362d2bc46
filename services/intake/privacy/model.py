"""What a person said about the uses of their data."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from contracts.codes import ConsentPurpose
from contracts.ids import SeekerId

Look = Literal[
    "record", "search", "duplicates", "consents", "sos_care", "total_care", "sessions", "launches", "contact_details"
]
"""By what someone saw personal data."""


class ConsentKey(NamedTuple):
    """A person, and one use of their data."""

    seeker_id: SeekerId
    purpose: ConsentPurpose


@dataclass(frozen=True, slots=True)
class SurveyInvitation:
    """An invitation to a survey of `drawn_on`. The digest of its id and the person's is all that is known of it."""

    digest: str
    drawn_on: date


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
