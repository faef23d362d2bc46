"""Followup's settings."""

from typing import Annotated, cast

from pydantic import Field, StringConstraints

from chassis.settings import ServiceSettings
from contracts.codes import FollowUpStep

Steps = Annotated[str, StringConstraints(pattern=r"^(1w|1m|3m|6m|12m)(,(1w|1m|3m|6m|12m))*$")]


class FollowupSettings(ServiceSettings):
    """What followup can be told beside what every service can."""

    followup_steps: Steps = Field(
        "1w,1m,3m,6m,12m", description="When a placed seeker is contacted: weeks (w) and months (m) after the placement"
    )

    @property
    def steps(self) -> tuple[FollowUpStep, ...]:
        return tuple(cast(FollowUpStep, step) for step in self.followup_steps.split(","))
