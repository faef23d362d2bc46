"""Matching's settings."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from chassis.batch.marks import MarkingSettings


def _ascending(days: str) -> str:
    named = [int(day) for day in days.split(",")]
    if named != sorted(set(named)):
        raise ValueError("the days must ascend")
    return days


ChaseDays = Annotated[str, StringConstraints(pattern=r"^[1-9]\d{0,3}(,[1-9]\d{0,3}){0,8}$"), AfterValidator(_ascending)]


class MatchingSettings(MarkingSettings):
    """What matching can be told beside what every service can."""

    referral_days: int = Field(
        90,
        ge=1,
        le=3650,
        description="Days since the making, or the last postponement, after which a referral that nobody answered "
        "expires",
    )
    placeable_days: int = Field(
        90,
        ge=1,
        le=3650,
        description="Days after a vacancy closed by its deadline, or because it was withdrawn, in which a job or an "
        "internship may come of a referral that was accepted or postponed before; then it lapses",
    )
    chase_days: ChaseDays = Field(
        "14,30",
        description="Days after the making, or the last postponement, on which a referral that nobody answered is "
        "chased, ascending, separated by commas; who is found late is chased at the last of them alone, and nobody "
        "once it has expired",
    )

    @property
    def chase_steps(self) -> tuple[int, ...]:
        return tuple(int(days) for days in self.chase_days.split(","))
