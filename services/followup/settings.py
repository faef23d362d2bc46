"""Followup's settings."""

from typing import Annotated, cast

from pydantic import AfterValidator, Field, StringConstraints

from chassis.batch.marks import MarkingSettings
from contracts.codes import FollowUpStep


def _different(steps: str) -> str:
    named = steps.split(",")
    if len(set(named)) < len(named):
        raise ValueError("a step is named twice")
    return steps


Steps = Annotated[
    str, StringConstraints(pattern=r"^(1w|1m|3m|6m|12m)(,(1w|1m|3m|6m|12m))*$"), AfterValidator(_different)
]


class FollowupSettings(MarkingSettings):
    """What followup can be told beside what every service can."""

    followup_steps: Steps = Field(
        "1w,1m,3m,6m,12m",
        description="How long after a placement the seeker is contacted, separated by commas: 1w is a week, 1m to 12m "
        "are months; a change holds for placements that are heard of from then on",
    )
    silent_days: int = Field(
        60,
        ge=1,
        le=3650,
        description="Days without a session or the like after which a seeker looking for work stands in the "
        "counsellor's work list",
    )
    answer_days: int = Field(
        14,
        ge=1,
        le=3650,
        description="Days without an answer after which a referral stands in the counsellor's work list",
    )

    @property
    def steps(self) -> tuple[FollowUpStep, ...]:
        return tuple(cast(FollowUpStep, step) for step in self.followup_steps.split(","))
