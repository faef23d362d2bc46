"""What an aggregate is named by beside its key: a referral, an internship, a placement, or an id that a record had."""

from dataclasses import dataclass

from chassis.batch.aggregates import Find
from contracts.ids import InternshipId, PlacementId, ReferralId, SeekerId


@dataclass(frozen=True, slots=True)
class OfReferral(Find):
    """What a referral is about."""

    referral_id: ReferralId


@dataclass(frozen=True, slots=True)
class OfInternship(Find):
    """What an internship is about."""

    internship_id: InternshipId


@dataclass(frozen=True, slots=True)
class OfPlacement(Find):
    """What a placement is about."""

    placement_id: PlacementId


@dataclass(frozen=True, slots=True)
class KeptRecord(Find):
    """The record that a seeker's id stands for: its own, or the one that it was merged into."""

    seeker_id: SeekerId
