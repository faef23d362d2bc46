"""What a merge moves."""

from dataclasses import dataclass

from chassis.batch.effects import Effect
from contracts.ids import SeekerId


@dataclass(frozen=True, slots=True)
class TakenOver(Effect):
    """All that stands under the record `seeker_id` stands under `kept_id` from now on."""

    seeker_id: SeekerId
    kept_id: SeekerId
