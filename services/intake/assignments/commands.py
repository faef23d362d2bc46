"""What may be asked about assignments, and what is due."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from chassis.batch.aggregates import Ref
from contracts.ids import SeekerId
from services.intake.assignments.model import Assignment, Desk
from services.intake.counsellors.model import Absences, Counsellor
from services.intake.seekers.model import Seeker

_EXAMPLE: dict[str, Any] = {"counsellor_id": "0190c0de-0000-7000-8000-000000000002"}


class AssignmentForm(BaseModel):
    """The counsellor whom a seeker is to have."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    counsellor_id: UUID


@dataclass(frozen=True, slots=True)
class AssignByLoad:
    """Give a seeker a counsellor, if they have none or one who is gone.

    `longest_absence` is how many days someone may be away without others having their seekers.
    """

    seeker_id: SeekerId
    day: date
    longest_absence: int

    def touches(self) -> tuple[Ref[Desk], Ref[Seeker], Ref[Assignment]]:
        return Ref(Desk, self.day), Ref(Seeker, self.seeker_id), Ref(Assignment, self.seeker_id)


@dataclass(frozen=True, slots=True)
class AssignByGroup:
    """Give a seeker a counsellor of the group that they belong to now, if theirs doesn't look after it."""

    seeker_id: SeekerId
    day: date

    def touches(self) -> tuple[Ref[Desk], Ref[Seeker], Ref[Assignment]]:
        return Ref(Desk, self.day), Ref(Seeker, self.seeker_id), Ref(Assignment, self.seeker_id)


@dataclass(frozen=True, slots=True)
class AssignTo:
    seeker_id: SeekerId
    form: AssignmentForm

    def touches(self) -> tuple[Ref[Counsellor], Ref[Absences], Ref[Seeker], Ref[Assignment]]:
        counsellor_id = self.form.counsellor_id
        return (
            Ref(Counsellor, counsellor_id),
            Ref(Absences, counsellor_id),
            Ref(Seeker, self.seeker_id),
            Ref(Assignment, self.seeker_id),
        )
