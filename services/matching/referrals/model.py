"""A seeker's case: every referral that was made for them."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from contracts.cases import Answer
from contracts.codes import Occupation
from contracts.ids import EmployerId, ReferralId, SeekerId, VacancyId
from services.matching.lookups import OfInternship, OfPlacement, OfReferral

ReferralStatus = Literal[
    "made", "postponed", "accepted", "refused", "interned", "placed", "withdrawn", "obsolete", "expired", "lapsed"
]
"""`interned`: an internship came of it, which is no placement yet; when that is converted, the referral is `placed`.
`withdrawn`: by the centre, or with the placement that came of it and never was. `expired`: nobody answered.
`lapsed`: it was answered, and nothing came of it for a time after its vacancy had closed."""
OPEN: frozenset[ReferralStatus] = frozenset({"made", "postponed", "accepted"})
"""A placement or an internship can still come of it."""
WAITING: frozenset[ReferralStatus] = frozenset({"made", "postponed"})
"""Its answer is still missing."""


@dataclass(frozen=True, slots=True)
class Referral:
    """A counsellor sent the seeker to a vacancy on `made_on`. Employer and occupation are the vacancy's.

    `override` is why it was made before total care's stage allows it; None where that did allow it.
    `reason` is why it was refused, postponed or, at last, withdrawn. `chased` is the last step at which the answer
    was asked for, 0 for none: it is awaited since the making or, once postponed, since `postponed_on`.
    `version` is 1 as it is made, and one more with each answer.
    `vacancy_closed_on` is the day on which its vacancy closed with openings left, or on which that was recorded where
    it was told later; None while it is open, and where that had ended the referral.
    """

    referral_id: ReferralId
    seeker_id: SeekerId
    vacancy_id: VacancyId
    employer_id: EmployerId
    occupation: Occupation
    made_on: date
    status: ReferralStatus = "made"
    answer: Answer | None = None
    reason: str | None = None
    override: str | None = None
    chased: int = 0
    postponed_on: date | None = None
    version: int = 1
    vacancy_closed_on: date | None = None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class Case:
    """All referrals of a seeker, oldest first; `unsaved` are those that a decision made or changed."""

    seeker_id: SeekerId
    referrals: tuple[Referral, ...] = ()
    unsaved: frozenset[ReferralId] = frozenset()

    def referral(self, referral_id: ReferralId) -> Referral | None:
        return next((r for r in self.referrals if r.referral_id == referral_id), None)

    def open(self) -> tuple[Referral, ...]:
        return tuple(r for r in self.referrals if r.is_open)

    def with_(self, *changed: Referral) -> "Case":
        """Give the case with referrals added or replaced."""
        by_id = {r.referral_id: r for r in (*self.referrals, *changed)}
        return replace(
            self,
            referrals=tuple(by_id.values()),
            unsaved=self.unsaved | {r.referral_id for r in changed},
        )


class CaseOfReferral(OfReferral):
    """The case that a referral belongs to; only a merge changes it."""


class CaseOfInternship(OfInternship):
    """The case of the intern; only a merge changes it."""


class CaseOfPlacement(OfPlacement):
    """The case of who was placed; only a merge changes it."""
