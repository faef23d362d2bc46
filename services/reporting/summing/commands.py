"""What falls due when sums are behind."""

from dataclasses import dataclass

from chassis.batch.aggregates import Ref
from services.reporting.figures.summed import What
from services.reporting.summing.model import Summed


@dataclass(frozen=True, slots=True)
class SumUp:
    what: What

    def touches(self) -> tuple[Ref[Summed]]:
        return (Ref(Summed, self.what),)
