"""Events as their owners would publish them.

A builder takes whom or what it is of, the day, and the moment of recording where that isn't nine on the day; what else
a test wants to differ is given by name. What follows from an event is built from it, and tells the same of person and
job.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import uuid_utils.compat as uuids

from contracts.cases import (
    InternshipBrokenOff,
    InternshipCompleted,
    InternshipConverted,
    InternshipStarted,
    Placed,
    PlacementCorrected,
    ReferralAnswered,
    ReferralEnded,
    ReferralMade,
)
from contracts.counselling import BusinessLaunched, CounsellorAssigned, RecordOpened, SessionHeld
from contracts.counsellors import CounsellorJoined, CounsellorLeft
from contracts.event import Event
from contracts.firms import EmployerJoined
from contracts.followups import EmploymentEnded, FollowUpDue, FollowUpMade
from contracts.ids import SeekerId
from contracts.profiles import SeekerProfile
from contracts.seekers import (
    ConsentPurpose,
    ConsentRecorded,
    SeekerErased,
    SeekerRegistered,
    SeekerReturned,
    SeekersMerged,
    SeekerWithdrawn,
    SosCareEnded,
    SosCareGranted,
)
from contracts.surveys import SurveyAnswered, SurveyDrawn
from contracts.vacancies import VacancyOpened

NINE = datetime(2009, 3, 2, 0, 0, tzinfo=UTC)
"""Nine in the morning in Seoul, on 2009-03-02."""

WOMAN = {"age_band": "30-39", "gender": "female", "district": "11440", "wanted_occupations": ("02", "10")}
IN_SOS_CARE = {**WOMAN, "programme": "sos_care"}
INTERN = {**WOMAN, "age_band": "-29"}

At = datetime | None
"""The moment of recording; None: nine on the day."""
Kind = TypeVar("Kind", bound=Event)


def somebody() -> SeekerId:
    """A seeker of whom nothing was told yet."""
    return SeekerId(uuids.uuid7())


def stamp(day: date, at: At = None) -> dict[str, Any]:
    """The provenance of an event of a day."""
    at = at or NINE + timedelta(days=(day - NINE.date()).days)
    return {"occurred_on": day, "recorded_at": at, "actor": {"role": "counsellor", "id": "c-1"}, "rule": "test"}


def event_of(kind: type[Kind], day: date, at: At = None, /, **fields: Any) -> Kind:
    """An event of any kind, for one that has no builder of its own."""
    return kind.model_validate({**stamp(day, at), **fields})


def registered(seeker: UUID, day: date, at: At = None, **person: Any) -> SeekerRegistered:
    return event_of(SeekerRegistered, day, at, seeker_id=seeker, person={**WOMAN, **person})


def withdrawn(seeker: UUID, day: date, at: At = None, **given: Any) -> SeekerWithdrawn:
    fields = {"reason": "not_looking", "person": WOMAN, **given}
    return event_of(SeekerWithdrawn, day, at, seeker_id=seeker, **fields)


def returned(seeker: UUID, day: date, at: At = None) -> SeekerReturned:
    return event_of(SeekerReturned, day, at, seeker_id=seeker, person=WOMAN)


def merged(seeker: UUID, merged_id: UUID, day: date, at: At = None) -> SeekersMerged:
    """That the record `merged_id` was given up for the other."""
    return event_of(SeekersMerged, day, at, seeker_id=seeker, merged_id=merged_id)


def erased(seeker: UUID, day: date, at: At = None) -> SeekerErased:
    return event_of(SeekerErased, day, at, seeker_id=seeker)


def consented(seeker: UUID, day: date, *, given: bool, purpose: ConsentPurpose = "surveys") -> ConsentRecorded:
    """That a seeker agrees to a use of their data, or does no longer."""
    return event_of(ConsentRecorded, day, seeker_id=seeker, purpose=purpose, given=given)


def care_granted(seeker: UUID, day: date, at: At = None, **person: Any) -> SosCareGranted:
    """That a seeker was taken into SOS-Care."""
    fields = {"reasons": ["job_lost"], "person": {**IN_SOS_CARE, **person}}
    return event_of(SosCareGranted, day, at, seeker_id=seeker, **fields)


def care_ended(seeker: UUID, day: date, at: At = None, reason: str = "private_job") -> SosCareEnded:
    return event_of(SosCareEnded, day, at, seeker_id=seeker, person=WOMAN, reason=reason)


def profile(seeker: UUID, day: date, at: At = None, **given: Any) -> SeekerProfile:
    """What matching needs of a seeker; `career_years` can serve as a version."""
    fields = {
        "status": "active", "registered_on": day, "birth_year": 1980, "gender": "female", "district": "11440",
        "wanted_occupations": ("02",), **given,
    }  # fmt: skip
    return event_of(SeekerProfile, day, at, seeker_id=seeker, **fields)


def assigned(client: UUID, counsellor: UUID, day: date, **given: Any) -> CounsellorAssigned:
    fields = {"group": "women", "reason": "registered", "person": WOMAN, **given}
    return event_of(CounsellorAssigned, day, client_id=client, counsellor_id=counsellor, **fields)


def opened(client: UUID, counsellor: UUID, day: date, **given: Any) -> RecordOpened:
    return event_of(RecordOpened, day, client_id=client, counsellor_id=counsellor, **{"reason": "walk_in", **given})


def session(client: UUID, day: date, at: At = None, **given: Any) -> SessionHeld:
    """A session with a seeker; who isn't registered has no person: `registered=False, kind="startup", person=None`."""
    fields = {
        "session_id": uuids.uuid7(), "counsellor_id": uuids.uuid7(), "registered": True, "kind": "job",
        "channel": "visit", "minutes": 30, "person": WOMAN, **given,
    }  # fmt: skip
    return event_of(SessionHeld, day, at, client_id=client, **fields)


def launched(client: UUID, day: date) -> BusinessLaunched:
    return event_of(BusinessLaunched, day, client_id=client, launch_id=uuids.uuid7())


def referral(seeker: UUID, day: date, at: At = None, **given: Any) -> ReferralMade:
    fields = {
        "referral_id": uuids.uuid7(), "vacancy_id": uuids.uuid7(), "employer_id": uuids.uuid7(),
        "occupation": "02", "sector": "private", "employment": "permanent", "person": WOMAN, **given,
    }  # fmt: skip
    return event_of(ReferralMade, day, at, seeker_id=seeker, **fields)


def referral_answered(made: ReferralMade, day: date, answer: str, reason: str | None = None) -> ReferralAnswered:
    return event_of(ReferralAnswered, day, **_same_referral(made), answer=answer, reason=reason)


def referral_ended(made: ReferralMade, day: date, reason: str = "expired") -> ReferralEnded:
    return event_of(ReferralEnded, day, **_same_referral(made), reason=reason)


def _same_referral(made: ReferralMade) -> dict[str, Any]:
    return made.model_dump(include={"seeker_id", "person", "referral_id", "vacancy_id", "employer_id", "occupation"})


def placed(seeker: UUID, day: date, at: At = None, **given: Any) -> Placed:
    fields = {
        "placement_id": uuids.uuid7(), "source": "referral", "occupation": "02", "wanted": True,
        "sector": "private", "employment": "permanent", "person": WOMAN, **given,
    }  # fmt: skip
    return event_of(Placed, day, at, seeker_id=seeker, **fields)


def placed_in_public_works(seeker: UUID, day: date, at: At = None, **given: Any) -> Placed:
    """A public job under SOS-Care, in which a seeker is supported each month."""
    return placed(seeker, day, at, **{"sector": "public", "employment": "public_works", "person": IN_SOS_CARE, **given})


def corrected(placement: Placed | InternshipConverted, day: date, at: At = None) -> PlacementCorrected:
    """That a placement never was."""
    fields = {"seeker_id": placement.seeker_id, "placement_id": placement.placement_id, "person": WOMAN}
    return event_of(PlacementCorrected, day, at, **fields, reason="never_started")


def internship_started(seeker: UUID, day: date, at: At = None, **given: Any) -> InternshipStarted:
    fields = {
        "internship_id": uuids.uuid7(), "vacancy_id": uuids.uuid7(), "employer_id": uuids.uuid7(), "occupation": "02",
        "person": INTERN, **given,
    }  # fmt: skip
    return event_of(InternshipStarted, day, at, seeker_id=seeker, **fields)


def internship_broken_off(started: InternshipStarted, day: date, **given: Any) -> InternshipBrokenOff:
    return event_of(InternshipBrokenOff, day, **{**_same_internship(started), "by": "intern", **given})


def internship_completed(started: InternshipStarted, day: date, **given: Any) -> InternshipCompleted:
    return event_of(InternshipCompleted, day, **{**_same_internship(started), **given})


def internship_converted(
    started: InternshipStarted, day: date, completed_on: date | None = None, at: At = None, **given: Any
) -> InternshipConverted:
    fields = {"placement_id": uuids.uuid7(), "completed_on": completed_on, **_same_internship(started), **given}
    return event_of(InternshipConverted, day, at, **fields)


def _same_internship(started: InternshipStarted) -> dict[str, Any]:
    """The occupation isn't told, as it wasn't in events of earlier times; one that tells it is given it."""
    return started.model_dump(include={"seeker_id", "person", "internship_id"})


def follow_up_due(placement: Placed, day: date, at: At = None, *, step: str) -> FollowUpDue:
    contact = {"contact_id": uuids.uuid7(), "step": step, "due_on": day}
    return event_of(FollowUpDue, day, at, **_same_placement(placement), **_same_job(placement), **contact)


def follow_up_made(due: FollowUpDue, day: date, at: At = None, *, outcome: str, attempt: int = 1) -> FollowUpMade:
    contact = {"contact_id": due.contact_id, "step": due.step, "outcome": outcome, "attempt": attempt}
    return event_of(FollowUpMade, day, at, **_same_placement(due), **_same_job(due), **contact)


def contact(day: date, **given: Any) -> FollowUpMade:
    """A contact with somebody, who is reached half a year after a placement of which nothing else was told."""
    fields = {
        "seeker_id": uuids.uuid7(), "placement_id": uuids.uuid7(), "contact_id": uuids.uuid7(), "person": WOMAN,
        "step": "6m", "outcome": "still_employed", "attempt": 1, **given,
    }  # fmt: skip
    return event_of(FollowUpMade, day, **fields)


def employment_ended(
    placement: Placed, day: date, at: At = None, *, unasked: Mapping[str, date] | None = None, **given: Any
) -> EmploymentEnded:
    """The end of a job; `unasked` has the day of each step that nobody asks about any more."""
    steps = [{"step": step, "due_on": due_on} for step, due_on in (unasked or {}).items()]
    fields = {"reason": "resigned", **_same_job(placement), "unasked": steps, **given}
    return event_of(EmploymentEnded, day, at, **_same_placement(placement), **fields)


def _same_placement(told: Placed | FollowUpDue) -> dict[str, Any]:
    return told.model_dump(include={"seeker_id", "placement_id", "person"})


def _same_job(told: Placed | FollowUpDue) -> dict[str, Any]:
    return told.model_dump(include={"occupation", "sector", "employment", "source"})


def counsellor_joined(counsellor: UUID, day: date, at: At = None) -> CounsellorJoined:
    return event_of(CounsellorJoined, day, at, counsellor_id=counsellor, groups=["youth"])


def counsellor_left(counsellor: UUID, day: date, at: At = None) -> CounsellorLeft:
    return event_of(CounsellorLeft, day, at, counsellor_id=counsellor)


def employer_joined(day: date, **given: Any) -> EmployerJoined:
    fields = {"employer_id": uuids.uuid7(), "size": "small", "district": "11440", **given}
    return event_of(EmployerJoined, day, **fields)


def vacancy_opened(day: date, **given: Any) -> VacancyOpened:
    fields = {
        "vacancy_id": uuids.uuid7(), "employer_id": uuids.uuid7(), "occupation": "11", "openings": 3,
        "sector": "public", "employment": "fixed_term", "district": "outside", **given,
    }  # fmt: skip
    return event_of(VacancyOpened, day, **fields)


def survey_drawn(survey: UUID, day: date, asked: int) -> SurveyDrawn:
    fields = {"survey_id": survey, "asked": asked, "period_from": day - timedelta(days=90), "period_to": day}
    return event_of(SurveyDrawn, day, **fields)


def survey_answered(survey: UUID, day: date, answer: int) -> SurveyAnswered:
    return event_of(SurveyAnswered, day, survey_id=survey, answer=answer)
