"""What follows from a merge."""

from dataclasses import dataclass
from datetime import date

from chassis.batch.aggregates import Ref
from contracts.ids import SeekerId
from services.matching.lookups import KeptRecord
from services.matching.pool.model import Seeker
from services.matching.referrals.model import Case


@dataclass(frozen=True, slots=True)
class MergeSeekers:
    """`merged_id` is given up for `kept_id`, which may have been merged into another one itself by now.

    `on` is the day of the merge.
    """

    merged_id: SeekerId
    kept_id: SeekerId
    on: date

    def touches(self) -> tuple[Ref[Seeker], Ref[Seeker], Ref[Case], Ref[Case]]:
        kept = KeptRecord(self.kept_id)
        return Ref(Seeker, self.merged_id), Ref(Seeker, kept), Ref(Case, self.merged_id), Ref(Case, kept)
