"""A triage for SOS-Care: what each condition came to, and what was decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from chassis.batch.effects import Effect
from contracts.codes import JobEnd
from contracts.ids import SeekerId
from contracts.seekers import SosCareEnd

Hardship = Literal["illness", "business_closed", "disaster", "earner_lost", "family_breakdown"]
"""What can put a family in sudden hardship beside a lost job. A counsellor has seen proof of it.

`business_closed`: their own; `earner_lost`: whoever earned before died, left or was taken.
"""


class Finding(NamedTuple):
    """What a condition came to: its name, whether it is met, the reason as a code, and the facts it was judged on."""

    condition: str
    met: bool
    reason: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Policy:
    """What counts as sudden hardship from a day on.

    A job counts when it ended at most `within_days` days before the triage, for one of the reasons `involuntary`.
    """

    since: date
    within_days: int
    involuntary: frozenset[JobEnd]
    least_dependants: int
    most_other_earners: int


@dataclass(frozen=True, slots=True)
class Grant:
    """The day on which a seeker was taken into the SOS-Care that they are in, and when that was recorded (None where it
    was before this was kept)."""

    seeker_id: SeekerId
    granted_on: date
    granted_at: datetime | None = None

    def is_before(self, day: date, at: datetime) -> bool:
        """Tell whether it was granted before what is of a day and was recorded at a time."""
        if day != self.granted_on:
            return self.granted_on < day
        return self.granted_at is not None and self.granted_at < at


@dataclass(frozen=True, slots=True)
class Triage(Effect):
    """A decision on a day, by the policy that holds since `policy_from`; once it has ended, since when and why. It was
    recorded at `decided_at`, None where that was before this was kept."""

    triage_id: UUID
    seeker_id: SeekerId
    occurred_on: date
    granted: bool
    policy_from: date
    findings: tuple[Finding, ...]
    ended_on: date | None = None
    ended_as: SosCareEnd | None = None
    decided_at: datetime | None = None
