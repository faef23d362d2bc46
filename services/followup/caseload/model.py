"""A counsellor's client, what they wait for or serve, and a counsellor who has left."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import NamedTuple, Self

from chassis.batch.effects import Effect
from contracts.ids import CounsellorId, InternshipId, ReferralId, SeekerId


@dataclass(frozen=True, slots=True)
class Client(Effect):
    """What an event says of a seeker; None where it says nothing, and what was kept before stays.

    `withdrawn_on` is the last day on which they left the register, whether or not they came back.

    Events of a kind come in order.
    """

    seeker_id: SeekerId
    counsellor_id: CounsellorId | None = None
    assigned_on: date | None = None
    withdrawn: bool | None = None
    withdrawn_on: date | None = None

    def and_then(self, later: Self) -> Self:
        """Give what is said by both, by the later one where it says something."""
        said = {one.name: getattr(later, one.name) for one in fields(later)}
        return replace(self, **{name: value for name, value in said.items() if value is not None})


@dataclass(frozen=True, slots=True)
class ForgottenClient(Effect):
    """That nothing is kept of a seeker any more."""

    seeker_id: SeekerId


class WaitingKey(NamedTuple):
    """A seeker, and a referral of theirs."""

    seeker_id: SeekerId
    referral_id: ReferralId


@dataclass(frozen=True, slots=True)
class WaitingReferral(Effect):
    """A referral that waits for its answer since `made_on`."""

    key: WaitingKey
    made_on: date


@dataclass(frozen=True, slots=True)
class AnsweredReferral(Effect):
    """A referral that waits no longer. It may have been made to a record which was given up since, and be answered of
    the one that stays."""

    key: WaitingKey


@dataclass(frozen=True, slots=True)
class Internship:
    """An internship, served until `ended_on`; None while it lasts."""

    internship_id: InternshipId
    seeker_id: SeekerId
    ended_on: date | None = None


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
