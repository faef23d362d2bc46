"""What follows from events about seekers."""

from dataclasses import dataclass
from datetime import date

from chassis.batch.aggregates import Ref
from contracts.ids import PlacementId, SeekerId
from services.matching.lookups import KeptRecord
from services.matching.pool.model import Profile, Seeker


@dataclass(frozen=True, slots=True)
class KeepProfile:
    """`on` is the day from which the profile holds."""

    seeker_id: SeekerId
    profile: Profile
    on: date

    def touches(self) -> tuple[Ref[Seeker]]:
        return (Ref(Seeker, self.seeker_id),)


@dataclass(frozen=True, slots=True)
class ReturnToPool:
    """`on` is the day on which the placement's employment ended; the record may have been merged since."""

    seeker_id: SeekerId
    placement_id: PlacementId
    on: date

    def touches(self) -> tuple[Ref[Seeker]]:
        return (Ref(Seeker, KeptRecord(self.seeker_id)),)
