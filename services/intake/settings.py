"""Intake's settings."""

from pydantic import Field

from chassis.batch.marks import MarkingSettings


class IntakeSettings(MarkingSettings):
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
    others_seen: int = Field(
        100,
        ge=0,
        le=100_000,
        description="Persons whom others counsel that a counsellor may be shown on one day, by a search or by a record "
        "that they opened; and persons that they may try out to register (dry_run) or search for in vain",
    )
    others_seen_by_managers: int = Field(
        1_000,
        ge=0,
        le=1_000_000,
        description="As `others_seen`, of a manager, to whom everybody is another's; to be raised for the days of an "
        "import that is tried out first",
    )
    registrations: int = Field(
        200,
        ge=0,
        le=1_000_000,
        description="Persons that a counsellor may register on one day, counted by each api process; 0 sets no bound. "
        "To be raised where counsellors' tokens are shared, as by kiosks",
    )
    survey_days: int = Field(
        60,
        ge=1,
        le=365,
        description="Days after a survey's own during which it runs: so long the evaluation office may read how those "
        "in its sample are reached; for 30 days more it is told that the survey is over",
    )
