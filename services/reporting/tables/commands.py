"""What may be asked about tables."""

from dataclasses import dataclass
from uuid import UUID

from chassis.batch.aggregates import Ref
from services.reporting.tables.model import Counts, KeptTable, Question


@dataclass(frozen=True, slots=True)
class KeepTable:
    """Keep a table as it was counted. It was counted by a read, so that no batch waits for it."""

    id: UUID
    question: Question
    counts: Counts
    position: int

    def touches(self) -> tuple[Ref[KeptTable]]:
        return (Ref(KeptTable, self.id),)
