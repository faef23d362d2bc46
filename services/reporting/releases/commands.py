"""What may be asked about releases."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict

from chassis.batch.aggregates import Ref
from chassis.days import Day
from services.reporting.figures.period import month_end
from services.reporting.releases.model import Release

_EXAMPLE: dict[str, Any] = {"day": "2010-12-31"}


def _ends_month(day: Day) -> Day:
    if day != month_end(day):
        raise ValueError(f"a release is of a month's end: {month_end(day)} is the next")
    return day


class ReleaseForm(BaseModel):
    """The day that a release tells the figures up to: a month's last."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    day: Annotated[Day, AfterValidator(_ends_month)]


@dataclass(frozen=True, slots=True)
class PublishRelease:
    form: ReleaseForm

    def touches(self) -> tuple[Ref[Release]]:
        return (Ref(Release, self.form.day),)
