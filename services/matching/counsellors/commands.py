"""What follows from events about counsellors."""

from dataclasses import dataclass
from datetime import date

from chassis.batch.aggregates import Ref
from contracts.ids import CounsellorId
from services.matching.counsellors.model import STAFF, Staff


@dataclass(frozen=True, slots=True)
class KnowCounsellor:
    counsellor_id: CounsellorId
    joined_on: date

    def touches(self) -> tuple[Ref[Staff]]:
        return (Ref(Staff, STAFF),)


@dataclass(frozen=True, slots=True)
class NoteCounsellorLeft:
    counsellor_id: CounsellorId
    left_on: date

    def touches(self) -> tuple[Ref[Staff]]:
        return (Ref(Staff, STAFF),)
