"""What follows from events about firms."""

from dataclasses import dataclass
from datetime import date

from chassis.batch.aggregates import Ref
from contracts.ids import EmployerId
from services.matching.employers.model import Employer


@dataclass(frozen=True, slots=True)
class KnowEmployer:
    employer_id: EmployerId
    joined_on: date

    def touches(self) -> tuple[Ref[Employer]]:
        return (Ref(Employer, self.employer_id),)


@dataclass(frozen=True, slots=True)
class NoteLeft:
    """`on` is the day on which the employer left, None when it is back."""

    employer_id: EmployerId
    on: date | None

    def touches(self) -> tuple[Ref[Employer]]:
        return (Ref(Employer, self.employer_id),)


@dataclass(frozen=True, slots=True)
class NoteVacanciesClosed:
    employer_id: EmployerId

    def touches(self) -> tuple[Ref[Employer]]:
        return (Ref(Employer, self.employer_id),)
