"""Matching's settings."""

from pydantic import Field

from chassis.settings import ServiceSettings


class MatchingSettings(ServiceSettings):
    """What matching can be told beside what every service can."""

    referral_days: int = Field(
        90, ge=1, le=3650, description="Days after which a referral that nobody answered expires"
    )
