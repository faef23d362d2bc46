"""Events that tell whose client a seeker is, and what becomes of a referral or an internship, as intake and matching
would publish them."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from contracts.cases import (
    InternshipBrokenOff,
    InternshipCompleted,
    InternshipConverted,
    InternshipStarted,
    ReferralAnswered,
    ReferralEnded,
    ReferralMade,
)
from contracts.codes import Answer
from contracts.counselling import CounsellorAssigned
from contracts.counsellors import CounsellorLeft
from contracts.ids import CounsellorId, EmployerId, InternshipId, PlacementId, SeekerId, VacancyId
from contracts.seekers import SeekerReturned, SeekerWithdrawn
from tests.followup.placements import BANDS


def _stamp(day: date) -> dict[str, Any]:
    return {
        "occurred_on": day,
        "recorded_at": datetime(day.year, day.month, day.day, 3, tzinfo=UTC),
        "actor": {"role": "system", "id": "test"},
        "rule": "test",
    }


def assigned(seeker_id: UUID, counsellor_id: UUID, on: date) -> CounsellorAssigned:
    return CounsellorAssigned(
        **_stamp(on),
        client_id=seeker_id,
        counsellor_id=CounsellorId(counsellor_id),
        group="women",
        reason="registered",
        person=BANDS,
    )


def withdrawn(seeker_id: UUID, on: date) -> SeekerWithdrawn:
    return SeekerWithdrawn(**_stamp(on), seeker_id=SeekerId(seeker_id), person=BANDS, reason="not_looking")


def returned(seeker_id: UUID, on: date) -> SeekerReturned:
    return SeekerReturned(**_stamp(on), seeker_id=SeekerId(seeker_id), person=BANDS)


def _same_case(made: ReferralMade) -> dict[str, Any]:
    return {
        "seeker_id": made.seeker_id,
        "person": BANDS,
        "referral_id": made.referral_id,
        "vacancy_id": made.vacancy_id,
        "employer_id": made.employer_id,
        "occupation": made.occupation,
    }


def answered(made: ReferralMade, answer: Answer, on: date) -> ReferralAnswered:
    return ReferralAnswered(**_stamp(on), **_same_case(made), answer=answer, reason="no_experience")


def ended(made: ReferralMade, on: date) -> ReferralEnded:
    return ReferralEnded(**_stamp(on), **_same_case(made), reason="expired")


def counsellor_left(counsellor_id: UUID, on: date) -> CounsellorLeft:
    return CounsellorLeft(**_stamp(on), counsellor_id=CounsellorId(counsellor_id))


def interning(seeker_id: UUID, on: date) -> InternshipStarted:
    return InternshipStarted(
        **_stamp(on),
        seeker_id=SeekerId(seeker_id),
        person=BANDS,
        internship_id=InternshipId(uuids.uuid7()),
        vacancy_id=VacancyId(uuids.uuid7()),
        employer_id=EmployerId(uuids.uuid7()),
        occupation="02",
    )


def _same_internship(started: InternshipStarted) -> dict[str, Any]:
    return {"seeker_id": started.seeker_id, "person": BANDS, "internship_id": started.internship_id}


def broken_off(started: InternshipStarted, on: date) -> InternshipBrokenOff:
    return InternshipBrokenOff(**_stamp(on), **_same_internship(started), by="intern")


def completed(started: InternshipStarted, on: date) -> InternshipCompleted:
    return InternshipCompleted(**_stamp(on), **_same_internship(started))


def converted(started: InternshipStarted, on: date) -> InternshipConverted:
    return InternshipConverted(**_stamp(on), **_same_internship(started), placement_id=PlacementId(uuids.uuid7()))
