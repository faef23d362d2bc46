"""What may be asked about an internship."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from chassis.batch.aggregates import Ref
from chassis.days import Day
from contracts.ids import InternshipId, PlacementId, ReferralId
from services.matching.internships.model import BrokenOffBy, Internship
from services.matching.pool.model import Seeker, SeekerOfInternship
from services.matching.referrals.commands import vacancy_and_case_of
from services.matching.referrals.model import Case, CaseOfInternship
from services.matching.vacancies.model import Vacancy, VacancyOfInternship


class StartForm(BaseModel):
    """The day on which an internship began; today if not given."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"occurred_on": "2010-03-02"}]}
    )

    occurred_on: Day | None = None


class BreakingOffForm(BaseModel):
    """Who ended an internship before its time; `occurred_on` is today if not given."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"by": "intern"}]})

    by: BrokenOffBy
    occurred_on: Day | None = None


class CompletionForm(BaseModel):
    """The day on which an internship was served to its end; today if not given."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"occurred_on": "2010-08-31"}]}
    )

    occurred_on: Day | None = None


class ConversionForm(BaseModel):
    """The permanent job that an intern was given. `wage` is won a month; `occurred_on` is today if not given."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"occurred_on": "2010-09-01", "wage": 2100000}]}
    )

    occurred_on: Day | None = None
    wage: int | None = Field(None, ge=0, le=100_000_000)


class InternshipRow(BaseModel):
    """A whole internship as a row: that it began on `occurred_on` (today if not given), and what came of it by now.

    It was broken off (`broken_off_on`, `broken_off_by`), or completed, and then perhaps converted to a permanent job at
    a `wage` in won a month.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "referral_id": "0190c0de-0000-7000-8000-000000000005",
                    "occurred_on": "2010-03-02",
                    "completed_on": "2010-08-31",
                    "converted_on": "2010-09-01",
                    "wage": 2100000,
                }
            ]
        },
    )

    referral_id: UUID
    occurred_on: Day | None = None
    broken_off_on: Day | None = None
    broken_off_by: BrokenOffBy | None = None
    completed_on: Day | None = None
    converted_on: Day | None = None
    wage: int | None = Field(None, ge=0, le=100_000_000)


@dataclass(frozen=True, slots=True)
class RecordInternship:
    """`placement_id` is that of the permanent job, if it comes to one."""

    internship_id: InternshipId
    placement_id: PlacementId
    row: InternshipRow

    def touches(self) -> tuple[Ref[Vacancy], Ref[Seeker], Ref[Case]]:
        return vacancy_and_case_of(ReferralId(self.row.referral_id))


@dataclass(frozen=True, slots=True)
class StartInternship:
    internship_id: InternshipId
    referral_id: ReferralId
    form: StartForm

    def touches(self) -> tuple[Ref[Vacancy], Ref[Seeker], Ref[Case]]:
        return vacancy_and_case_of(self.referral_id)


@dataclass(frozen=True, slots=True)
class BreakOffInternship:
    internship_id: InternshipId
    form: BreakingOffForm

    def touches(self) -> tuple[Ref[Vacancy], Ref[Seeker], Ref[Internship]]:
        return (
            Ref(Vacancy, VacancyOfInternship(self.internship_id)),
            Ref(Seeker, SeekerOfInternship(self.internship_id)),
            Ref(Internship, self.internship_id),
        )


@dataclass(frozen=True, slots=True)
class CompleteInternship:
    internship_id: InternshipId
    form: CompletionForm

    def touches(self) -> tuple[Ref[Seeker], Ref[Internship]]:
        return Ref(Seeker, SeekerOfInternship(self.internship_id)), Ref(Internship, self.internship_id)


@dataclass(frozen=True, slots=True)
class ConvertInternship:
    internship_id: InternshipId
    placement_id: PlacementId
    form: ConversionForm

    def touches(self) -> tuple[Ref[Vacancy], Ref[Seeker], Ref[Case], Ref[Internship]]:
        return (
            Ref(Vacancy, VacancyOfInternship(self.internship_id)),
            Ref(Seeker, SeekerOfInternship(self.internship_id)),
            Ref(Case, CaseOfInternship(self.internship_id)),
            Ref(Internship, self.internship_id),
        )
