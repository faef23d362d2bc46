"""What falls due when a year has ended."""

from dataclasses import dataclass

from chassis.aggregates import Ref
from services.reporting.unplaced.model import EndedYear


@dataclass(frozen=True, slots=True)
class PublishUnplaced:
    year: int

    def touches(self) -> tuple[Ref, ...]:
        return (Ref(EndedYear, self.year),)
