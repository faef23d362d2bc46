"""A counsellor's client, what they wait for or serve, and a counsellor who has left."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from contracts.ids import CounsellorId, InternshipId, ReferralId, SeekerId


@dataclass(frozen=True, slots=True)
class Client:
    """What a batch of events says of a seeker; None where it says nothing, and what was kept before stays.

    `withdrawn_on` is the last day on which they left the register, whether or not they came back.

    Nothing of it is loaded: events of a kind come in order, and no rule asks what was before.
    """

    seeker_id: SeekerId
    counsellor_id: CounsellorId | None = None
    assigned_on: date | None = None
    withdrawn: bool | None = None
    withdrawn_on: date | None = None
    erased: bool = False


class WaitingKey(NamedTuple):
    """A seeker, and a referral of theirs."""

    seeker_id: SeekerId
    referral_id: ReferralId


@dataclass(frozen=True, slots=True)
class WaitingReferral:
    """A referral that waits for its answer since `made_on`, until `over`. Nothing of it is loaded, either: `made_on` is
    None where a batch says only that the waiting is over."""

    key: WaitingKey
    made_on: date | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class Internship:
    """An internship, served until `ended_on`; None while it lasts."""

    internship_id: InternshipId
    seeker_id: SeekerId
    ended_on: date | None = None


class Opening(NamedTuple):
    """That a record is open, on a day, to a counsellor who doesn't have the seeker. It is only ever added."""

    seeker_id: SeekerId
    opened_on: date
    counsellor_id: CounsellorId


@dataclass(frozen=True, slots=True)
class FormerCounsellor:
    """A counsellor who is out of service, and nobody's any more."""

    counsellor_id: CounsellorId
