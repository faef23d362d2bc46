"""What may be asked about a placement that never was."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict

from chassis.batch.aggregates import Ref
from chassis.days import Day
from chassis.texts import Identifier
from contracts.ids import PlacementId
from contracts.values import Code
from services.matching.internships.model import Internship, InternshipOfPlacement
from services.matching.placements.model import Placement
from services.matching.pool.model import Seeker, SeekerOfPlacement
from services.matching.referrals.model import Case, CaseOfPlacement
from services.matching.vacancies.model import Vacancy, VacancyOfPlacement


class CorrectionForm(BaseModel):
    """Why a placement never was, as a code; `occurred_on` is the day on which that was found, today if not given."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"reason": "never_started"}]}
    )

    reason: Annotated[Code, Identifier]
    occurred_on: Day | None = None


@dataclass(frozen=True, slots=True)
class CorrectPlacement:
    placement_id: PlacementId
    form: CorrectionForm

    def touches(self) -> tuple[Ref[Vacancy], Ref[Seeker], Ref[Case], Ref[Internship], Ref[Placement]]:
        return (
            Ref(Vacancy, VacancyOfPlacement(self.placement_id)),
            Ref(Seeker, SeekerOfPlacement(self.placement_id)),
            Ref(Case, CaseOfPlacement(self.placement_id)),
            Ref(Internship, InternshipOfPlacement(self.placement_id)),
            Ref(Placement, self.placement_id),
        )
