"""What may be asked about a counsellor."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.aggregates import Ref
from contracts.codes import ClientGroup
from contracts.ids import CounsellorId
from services.intake.counsellors.model import Counsellor


class CounsellorForm(BaseModel):
    """A counsellor who starts. `occurred_on` is today if not given."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"name": "이한결", "groups": ["youth", "women"]}]},
    )

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    groups: tuple[ClientGroup, ...] = Field(min_length=1, max_length=6)
    occurred_on: date | None = None


class Departure(BaseModel):
    """The first day out of service; today if not given."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"occurred_on": "2010-03-02"}]}
    )

    occurred_on: date | None = None


@dataclass(frozen=True, slots=True)
class JoinCounsellor:
    counsellor_id: CounsellorId
    form: CounsellorForm

    def touches(self) -> tuple[Ref, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class LeaveCounsellor:
    counsellor_id: CounsellorId
    departure: Departure

    def touches(self) -> tuple[Ref, ...]:
        return (Ref(Counsellor, self.counsellor_id),)
