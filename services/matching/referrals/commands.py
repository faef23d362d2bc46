"""What may be asked about a referral."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

from chassis.batch.aggregates import Ref
from chassis.days import Day
from chassis.texts import Identifier
from contracts.cases import REFUSAL_REASONS, Answer, AnswerReason, WithdrawalReason
from contracts.ids import PlacementId, ReferralId, SeekerId
from contracts.values import Code
from services.matching.lookups import KeptRecord
from services.matching.pool.model import Seeker, SeekerOfReferral
from services.matching.referrals.model import Case, CaseOfReferral
from services.matching.vacancies.model import Vacancy, VacancyOfReferral

_EXAMPLE: dict[str, Any] = {
    "seeker_id": "0190c0de-0000-7000-8000-000000000001",
    "vacancy_id": "0190c0de-0000-7000-8000-000000000004",
}


class ReferralForm(BaseModel):
    """A seeker to refer to a vacancy; `occurred_on` is today if not given.

    `override` is the reason, a code, for referring someone whose stage in total care does not allow it yet.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    seeker_id: UUID
    vacancy_id: UUID
    override: Annotated[Code, Identifier] | None = None
    occurred_on: Day | None = None


def of_its_side(reason: AnswerReason | None, info: ValidationInfo) -> AnswerReason | None:
    """Refuse a reason (ValueError) that isn't one of the side that refuses."""
    answer = info.data.get("answer")
    fitting = REFUSAL_REASONS.get(answer) if answer else None
    if reason and fitting and reason not in fitting:
        raise ValueError(f"{answer} has the reasons {', '.join(fitting)}")
    return reason


class AnswerForm(BaseModel):
    """What the seeker or the employer answered; a refusal needs its reason, one of the side that refuses."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"answer": "accepted"}, {"answer": "refused_by_seeker", "reason": "too_far"}]},
    )

    answer: Answer
    reason: AnswerReason | None = None

    _of_its_side = field_validator("reason")(of_its_side)


class WithdrawalForm(BaseModel):
    """Why the centre takes a referral back; `occurred_on` is today if not given."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"reason": "seeker_unavailable"}]}
    )

    reason: WithdrawalReason
    occurred_on: Day | None = None


class ReferralRow(ReferralForm):
    """A referral as a row, with the answer to it if there is one; it was answered on `answered_on`, the referral's day
    if not given."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {**_EXAMPLE, "occurred_on": "2009-02-02", "answer": "accepted", "answered_on": "2009-02-04"},
            ]
        },
    )

    answer: Answer | None = None
    reason: AnswerReason | None = None
    answered_on: Day | None = None

    _of_its_side = field_validator("reason")(of_its_side)


def case_of(referral_id: ReferralId) -> tuple[Ref[Seeker], Ref[Case]]:
    """Name the seeker of a referral and their case."""
    return Ref(Seeker, SeekerOfReferral(referral_id)), Ref(Case, CaseOfReferral(referral_id))


def vacancy_and_case_of(referral_id: ReferralId) -> tuple[Ref[Vacancy], Ref[Seeker], Ref[Case]]:
    """Name the vacancy that a referral is for, its seeker and their case."""
    return Ref(Vacancy, VacancyOfReferral(referral_id)), *case_of(referral_id)


@dataclass(frozen=True, slots=True)
class MakeReferral:
    referral_id: ReferralId
    form: ReferralForm

    def touches(self) -> tuple[Ref[Vacancy], Ref[Seeker], Ref[Case]]:
        seeker_id = SeekerId(self.form.seeker_id)
        return Ref(Vacancy, self.form.vacancy_id), Ref(Seeker, seeker_id), Ref(Case, seeker_id)


@dataclass(frozen=True, slots=True)
class RecordReferral:
    referral_id: ReferralId
    row: ReferralRow

    def touches(self) -> tuple[Ref[Vacancy], Ref[Seeker], Ref[Case]]:
        return MakeReferral(self.referral_id, self.row).touches()


@dataclass(frozen=True, slots=True)
class AnswerReferral:
    """`version` is the one that was read before an answer is changed, None where the asker read none."""

    referral_id: ReferralId
    form: AnswerForm
    version: int | None = None

    def touches(self) -> tuple[Ref[Seeker], Ref[Case]]:
        return case_of(self.referral_id)


@dataclass(frozen=True, slots=True)
class WithdrawReferral:
    referral_id: ReferralId
    form: WithdrawalForm

    def touches(self) -> tuple[Ref[Seeker], Ref[Case]]:
        return case_of(self.referral_id)


@dataclass(frozen=True, slots=True)
class ChaseReferral:
    """Chase a referral at a step, which counts from 1."""

    referral_id: ReferralId
    step: int

    def touches(self) -> tuple[Ref[Seeker], Ref[Case]]:
        return case_of(self.referral_id)


@dataclass(frozen=True, slots=True)
class MeetClosing:
    """Let an open referral meet the closing of its vacancy."""

    referral_id: ReferralId

    def touches(self) -> tuple[Ref[Vacancy], Ref[Seeker], Ref[Case]]:
        return vacancy_and_case_of(self.referral_id)


@dataclass(frozen=True, slots=True)
class LapseReferral:
    """End a referral of which nothing came in the time after its vacancy had closed."""

    referral_id: ReferralId

    def touches(self) -> tuple[Ref[Vacancy], Ref[Seeker], Ref[Case]]:
        return vacancy_and_case_of(self.referral_id)


@dataclass(frozen=True, slots=True)
class ExpireReferral:
    referral_id: ReferralId

    def touches(self) -> tuple[Ref[Seeker], Ref[Case]]:
        return case_of(self.referral_id)


@dataclass(frozen=True, slots=True)
class LeavePublicJob:
    """`on` is the day on which the seeker changed from the placement's job to another one; the record may have been
    merged since."""

    seeker_id: SeekerId
    placement_id: PlacementId
    on: date

    def touches(self) -> tuple[Ref[Seeker], Ref[Case]]:
        kept = KeptRecord(self.seeker_id)
        return Ref(Seeker, kept), Ref(Case, kept)


@dataclass(frozen=True, slots=True)
class ForgetSeeker:
    seeker_id: SeekerId

    def touches(self) -> tuple[Ref[Seeker], Ref[Case]]:
        return Ref(Seeker, self.seeker_id), Ref(Case, self.seeker_id)
