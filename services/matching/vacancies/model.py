"""A vacancy: one kind of job at one employer, with one or more openings."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from contracts.codes import District, Employment, Occupation, Sector, is_public_job
from contracts.ids import EmployerId, VacancyId, VisitId
from services.matching.lookups import OfInternship, OfPlacement, OfReferral

ClosedAs = Literal["filled", "expired", "withdrawn"]
VacancyKind = Literal["private", "public", "for_interns"]
"""As who may be referred depends on it. An internship is served by who has no job: to a vacancy for interns to be made
permanent nobody goes on from a public job."""


@dataclass(frozen=True, slots=True)
class Vacancy:
    """`openings` counts all who are sought, those already `placed` included. `wage` is won a month.

    `placed` are the openings that are taken, by a placement or by an intern. `converts`: the employer plans to make
    interns permanent. `visit_id` is the field discovery team's visit that found it.
    """

    vacancy_id: VacancyId
    employer_id: EmployerId
    title: str
    occupation: Occupation
    openings: int
    placed: int
    sector: Sector
    employment: Employment
    wage: int | None
    district: District
    deadline: date | None
    opened_on: date
    converts: bool = False
    closed_on: date | None = None
    closed_as: ClosedAs | None = None
    referrals_ended: bool = False
    visit_id: VisitId | None = None

    @property
    def is_filled(self) -> bool:
        """Whether nobody gets a job by it any more: it was filled at its closing, or has been since."""
        return self.closed_as == "filled" or self.placed == self.openings

    @property
    def is_public_job(self) -> bool:
        """Whether it is of the jobs that SOS-Care offers first."""
        return is_public_job(self.sector, self.employment)

    @property
    def kind(self) -> VacancyKind:
        if self.is_public_job:
            return "public"
        return "for_interns" if self.converts else "private"

    @property
    def is_private_job(self) -> bool:
        """Whether someone in a public job under SOS-Care can go on to it."""
        return self.kind == "private"


class VacancyOfReferral(OfReferral):
    """The vacancy that a referral is for; it never changes."""


class VacancyOfInternship(OfInternship):
    """The vacancy that an internship began from; it never changes."""


class VacancyOfPlacement(OfPlacement):
    """The vacancy that a placement filled an opening of; it never changes."""
