"""What may be asked about launches."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from chassis.batch.aggregates import Ref
from chassis.days import Day
from contracts.codes import Occupation
from contracts.ids import LaunchId
from services.intake.seekers.model import FormerSeeker, Seeker
from services.intake.startup.model import StartupClient

_EXAMPLE: dict[str, Any] = {"client_id": "0190c0de-0000-7000-8000-000000000001", "occupation": "13"}


class LaunchForm(BaseModel):
    """A business that a client of start-up counselling launched; `occurred_on` is today if not given.

    `occupation` is the one closest to the business.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    client_id: UUID
    occupation: Occupation | None = None
    occurred_on: Day | None = None


@dataclass(frozen=True, slots=True)
class LaunchBusiness:
    launch_id: LaunchId
    form: LaunchForm

    def touches(self) -> tuple[Ref[Seeker], Ref[FormerSeeker], Ref[StartupClient]]:
        client_id = self.form.client_id
        return Ref(Seeker, client_id), Ref(FormerSeeker, client_id), Ref(StartupClient, client_id)
