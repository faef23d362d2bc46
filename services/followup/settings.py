"""Followup's settings."""

from typing import Annotated, cast

from pydantic import AfterValidator, Field, StringConstraints

from chassis.settings import ServiceSettings
from contracts.codes import FollowUpStep


def _different(steps: str) -> str:
    named = steps.split(",")
    if len(set(named)) < len(named):
        raise ValueError("a step is named twice")
    return steps


Steps = Annotated[
    str, StringConstraints(pattern=r"^(1w|1m|3m|6m|12m)(,(1w|1m|3m|6m|12m))*$"), AfterValidator(_different)
]


class FollowupSettings(ServiceSettings):
    """What followup can be told beside what every service can."""

    followup_steps: Steps = Field(
        "1w,1m,3m,6m,12m",
        description="How long after a placement the seeker is contacted, separated by commas: 1w is a week, 1m to 12m "
        "are months; a change holds for placements that are heard of from then on",
    )

    @property
    def steps(self) -> tuple[FollowUpStep, ...]:
        return tuple(cast(FollowUpStep, step) for step in self.followup_steps.split(","))
