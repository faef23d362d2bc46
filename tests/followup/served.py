"""Events that tell who was served, as intake and matching would publish them."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from contracts.cases import Placed, ReferralMade
from contracts.codes import ConsentPurpose
from contracts.counselling import SessionHeld
from contracts.ids import CounsellorId, EmployerId, ReferralId, SeekerId, SessionId, VacancyId
from contracts.seekers import ConsentRecorded, SeekerErased, SeekersMerged
from tests.followup.placements import BANDS, placed


def _stamp(day: date) -> dict[str, Any]:
    return {
        "occurred_on": day,
        "recorded_at": datetime(day.year, day.month, day.day, 3, tzinfo=UTC),
        "actor": {"role": "counsellor", "id": "test"},
        "rule": "test",
    }


def session(client_id: UUID, on: date, *, registered: bool = True) -> SessionHeld:
    return SessionHeld(
        **_stamp(on),
        client_id=client_id,
        session_id=SessionId(uuids.uuid7()),
        registered=registered,
        counsellor_id=CounsellorId(uuids.uuid7()),
        kind="job" if registered else "startup",
        channel="call",
        minutes=10,
        person=BANDS if registered else None,
    )


def referral(seeker_id: UUID, on: date) -> ReferralMade:
    return ReferralMade(
        **_stamp(on),
        seeker_id=SeekerId(seeker_id),
        person=BANDS,
        referral_id=ReferralId(uuids.uuid7()),
        vacancy_id=VacancyId(uuids.uuid7()),
        employer_id=EmployerId(uuids.uuid7()),
        occupation="02",
        sector="private",
        employment="permanent",
    )


def placement(seeker_id: UUID, on: date) -> Placed:
    return placed(on).model_copy(update={"seeker_id": seeker_id})


def said(seeker_id: UUID, *, given: bool, on: date, purpose: ConsentPurpose = "surveys") -> ConsentRecorded:
    """That a seeker agrees to a use of their data, or does no longer."""
    return ConsentRecorded(**_stamp(on), seeker_id=SeekerId(seeker_id), purpose=purpose, given=given)


def erased(seeker_id: UUID, on: date) -> SeekerErased:
    return SeekerErased(**_stamp(on), seeker_id=SeekerId(seeker_id))


def merged(seeker_id: UUID, merged_id: UUID, on: date) -> SeekersMerged:
    """That the record `merged_id` was given up for the other."""
    return SeekersMerged(**_stamp(on), seeker_id=SeekerId(seeker_id), merged_id=SeekerId(merged_id))
