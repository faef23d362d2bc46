"""What falls due of releases that were published, and what may be asked about them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from chassis.batch.aggregates import Ref
from contracts.reports import CorrectionReason
from services.reporting.corrections.model import Comparison

_EXAMPLE: dict[str, Any] = {"reason": "recorded_late"}


class CorrectionForm(BaseModel):
    """Why a release's figures are corrected, where that is known, for everyone to read: facts came in late, an office
    corrected a record, or the figures were counted wrong."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    reason: CorrectionReason | None = None


@dataclass(frozen=True, slots=True)
class CompareRelease:
    day: date

    def touches(self) -> tuple[Ref[Comparison]]:
        return (Ref(Comparison, self.day),)


@dataclass(frozen=True, slots=True)
class CorrectRelease:
    day: date
    form: CorrectionForm

    def touches(self) -> tuple[Ref[Comparison]]:
        return (Ref(Comparison, self.day),)
