"""What follows from events for the caseload."""

from dataclasses import dataclass
from datetime import date

from chassis.batch.aggregates import Ref
from contracts.ids import CounsellorId, InternshipId, SeekerId
from services.followup.caseload.model import Internship, Opening, WaitingKey
from services.followup.surveys.model import ServedPerson


@dataclass(frozen=True, slots=True)
class NoteCounsellor:
    seeker_id: SeekerId
    counsellor_id: CounsellorId
    day: date

    def touches(self) -> tuple[Ref[ServedPerson]]:
        return (Ref(ServedPerson, self.seeker_id),)


@dataclass(frozen=True, slots=True)
class NoteOpening:
    opening: Opening

    def touches(self) -> tuple[()]:
        return ()


@dataclass(frozen=True, slots=True)
class NoteOnRegister:
    """`withdrawn_on` is None of one who is back."""

    seeker_id: SeekerId
    withdrawn_on: date | None = None

    def touches(self) -> tuple[Ref[ServedPerson]]:
        return (Ref(ServedPerson, self.seeker_id),)


@dataclass(frozen=True, slots=True)
class AwaitAnswer:
    key: WaitingKey
    made_on: date

    def touches(self) -> tuple[Ref[ServedPerson]]:
        return (Ref(ServedPerson, self.key.seeker_id),)


@dataclass(frozen=True, slots=True)
class StopWaiting:
    key: WaitingKey

    def touches(self) -> tuple[Ref[ServedPerson]]:
        return (Ref(ServedPerson, self.key.seeker_id),)


@dataclass(frozen=True, slots=True)
class NoteInternship:
    """`ended_on` is None of one that has begun."""

    internship_id: InternshipId
    seeker_id: SeekerId
    ended_on: date | None = None

    def touches(self) -> tuple[Ref[ServedPerson], Ref[Internship]]:
        return Ref(ServedPerson, self.seeker_id), Ref(Internship, self.internship_id)


@dataclass(frozen=True, slots=True)
class NoteDeparture:
    counsellor_id: CounsellorId

    def touches(self) -> tuple[()]:
        return ()


@dataclass(frozen=True, slots=True)
class ForgetClient:
    seeker_id: SeekerId

    def touches(self) -> tuple[()]:
        return ()
