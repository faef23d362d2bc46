"""What may be asked about targets."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from chassis.batch.aggregates import Ref
from chassis.days import Day
from contracts.codes import Programme
from contracts.targets import TargetGroup, TargetMeasure
from services.reporting.targets.model import EVERYBODY, Target, TargetKey

_TARGET: dict[str, Any] = {
    "year": 2011, "measure": "placed", "value": 12000, "group": "residents", "occurred_on": "2011-01-27",
}  # fmt: skip


class TargetForm(BaseModel):
    """A target for a calendar year: whole where it is a count, with one decimal at most where it is a percentage.

    Without `programme` or `group` it is for all. `occurred_on` is the day on which it was set, today if not given.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_TARGET]})

    year: int = Field(ge=1900, le=2200)
    measure: TargetMeasure
    value: float = Field(ge=0, le=10**12, allow_inf_nan=False)
    programme: Programme | None = None
    group: TargetGroup | None = None
    occurred_on: Day | None = None


@dataclass(frozen=True, slots=True)
class SetTarget:
    form: TargetForm

    @property
    def key(self) -> TargetKey:
        """What the target is for."""
        form = self.form
        return TargetKey(form.year, form.measure, form.programme or EVERYBODY, form.group or EVERYBODY)

    def touches(self) -> tuple[Ref[Target]]:
        return (Ref(Target, self.key),)
