"""What a merge moves."""

from dataclasses import dataclass

from contracts.ids import SeekerId


@dataclass(frozen=True, slots=True)
class TakenOver:
    """All that stands under the record `seeker_id` stands under `kept_id` from now on."""

    seeker_id: SeekerId
    kept_id: SeekerId
