"""Reporting's settings."""

from pydantic import Field

from chassis.running.settings import ServiceSettings


class ReportingSettings(ServiceSettings):
    """What reporting needs to know beside."""

    release_limit: int = Field(
        5,
        ge=2,
        le=100,
        description="Counts of persons below it are withheld in the tables of a release, with others by which they "
        "could be told by subtraction",
    )
    release_after_days: int | None = Field(
        None,
        ge=1,
        le=90,
        description="Days after a month's end at which its figures are released by themselves; if not given, a manager "
        "releases them",
    )
