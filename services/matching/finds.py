"""Aggregates named by way of a referral or an internship: what these are about never changes."""

from dataclasses import dataclass

from chassis.aggregates import Find
from contracts.ids import InternshipId, ReferralId


@dataclass(frozen=True, slots=True)
class OfReferral(Find):
    """What a referral is about."""

    referral_id: ReferralId


@dataclass(frozen=True, slots=True)
class OfInternship(Find):
    """What an internship is about."""

    internship_id: InternshipId
