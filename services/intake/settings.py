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
    gather_seconds: float = Field(
        1.0,
        ge=0,
        le=60,
        description="Seconds, once seekers were assigned to counsellors, during which those who register are gathered, "
        "to be assigned together",
    )
    reads_days: int = Field(
        730,
        ge=365,
        le=3650,
        description="Days that it is remembered who read whose personal data; two years where it is of 50,000 persons "
        "or more (Standards for measures to ensure the safety of personal information, article 8)",
    )
    survey_days: int = Field(
        60,
        ge=1,
        le=365,
        description="Days after a survey's own during which it runs: so long the evaluation office may read how those "
        "in its sample are reached; for 30 days more it is told that the survey is over",
    )
