"""What falls due when a year has ended, and what may be asked of its unplaced."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from chassis.batch.aggregates import Ref
from services.reporting.unplaced.model import EndedYear

_EXAMPLE: dict[str, Any] = {"year": 2010}


class YearForm(BaseModel):
    """The year whose unplaced are published anew."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    year: int = Field(ge=1900, le=2200)


@dataclass(frozen=True, slots=True)
class PublishUnplaced:
    year: int

    def touches(self) -> tuple[Ref[EndedYear]]:
        return (Ref(EndedYear, self.year),)


@dataclass(frozen=True, slots=True)
class PublishAnew:
    form: YearForm

    def touches(self) -> tuple[Ref[EndedYear]]:
        return (Ref(EndedYear, self.form.year),)
