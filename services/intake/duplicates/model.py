"""What a record that is given up leaves to the one that stays."""

from dataclasses import dataclass

from chassis.batch.effects import Effect
from contracts.ids import SeekerId


@dataclass(frozen=True, slots=True)
class TakenOver(Effect):
    """What was taken down about a person under the record `merged_id` is the record's `seeker_id` from now on."""

    merged_id: SeekerId
    seeker_id: SeekerId
