"""Intake's settings."""

from pydantic import Field

from chassis.settings import ServiceSettings


class IntakeSettings(ServiceSettings):
    """What intake can be told beside what every service can."""

    handover_days: int = Field(
        14,
        ge=0,
        le=3650,
        description="Longest absence of a counsellor, in days, during which their seekers stay with them; of a longer "
        "one others have them from its first day on",
    )
