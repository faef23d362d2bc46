"""Events of placements as matching would publish them, for tests of who follows them up."""

from datetime import UTC, date, datetime
from typing import Any

import uuid_utils.compat as uuids

from contracts.cases import Placed, PlacementCorrected
from contracts.ids import PlacementId, SeekerId
from contracts.profile import Bands
from services.followup.contacts.model import StayingRecord

BANDS = Bands(age_band="30-39", gender="female", district="11440", wanted_occupations=("02", "10"))


def _stamp(day: date) -> dict[str, Any]:
    return {
        "occurred_on": day,
        "recorded_at": datetime(day.year, day.month, day.day, 3, tzinfo=UTC),
        "actor": {"role": "counsellor", "id": "test"},
        "rule": "place",
    }


def placed(on: date) -> Placed:
    """A placement of somebody new."""
    return Placed(
        **_stamp(on),
        seeker_id=SeekerId(uuids.uuid7()),
        placement_id=PlacementId(uuids.uuid7()),
        person=BANDS,
        source="referral",
        occupation="02",
        wanted=True,
        sector="private",
        employment="permanent",
    )


def unmerged(placement: Placed) -> StayingRecord:
    """That the record which a placement names is still the person's."""
    return StayingRecord(placement.seeker_id, placement.seeker_id)


def corrected(placement: Placed, on: date) -> PlacementCorrected:
    """That a placement never was."""
    return PlacementCorrected(
        **_stamp(on),
        seeker_id=placement.seeker_id,
        placement_id=placement.placement_id,
        person=BANDS,
        reason="entered_twice",
    )
