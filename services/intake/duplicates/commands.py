"""What may be asked about two records of one person."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from chassis.batch.aggregates import Ref
from contracts.ids import SeekerId
from services.intake.seekers.model import Seeker
from services.intake.startup.model import StartupClient

_EXAMPLE: dict[str, Any] = {"merged_id": "0190c0de-0000-7000-8000-000000000009"}


class MergeForm(BaseModel):
    """The record that is given up; the one at the address stays."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    merged_id: UUID


@dataclass(frozen=True, slots=True)
class MergeSeekers:
    seeker_id: SeekerId
    merged_id: SeekerId

    def touches(self) -> tuple[Ref[Seeker], Ref[Seeker], Ref[StartupClient], Ref[StartupClient]]:
        both = self.seeker_id, self.merged_id
        seeker, merged = (Ref(Seeker, key) for key in both)
        client, merged_client = (Ref(StartupClient, key) for key in both)
        return seeker, merged, client, merged_client
