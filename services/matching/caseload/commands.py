"""What follows from events for the caseload."""

from dataclasses import dataclass

from chassis.batch.aggregates import Ref
from contracts.ids import SeekerId
from services.matching.caseload.model import Client, Opening
from services.matching.pool.model import Seeker


@dataclass(frozen=True, slots=True)
class NoteCounsellor:
    client: Client

    def touches(self) -> tuple[Ref[Seeker]]:
        return (Ref(Seeker, self.client.seeker_id),)


@dataclass(frozen=True, slots=True)
class ForgetClient:
    seeker_id: SeekerId

    def touches(self) -> tuple[()]:
        return ()


@dataclass(frozen=True, slots=True)
class NoteOpening:
    opening: Opening

    def touches(self) -> tuple[()]:
        return ()
