"""What may be asked about grants."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.batch.aggregates import Ref
from chassis.days import Day
from chassis.texts import Identifier, Line
from services.feed.entries import Partner
from services.feed.grants.model import Grant, GrantsOf, Ground, PartnerOfGrant

PartnerName = Annotated[str, StringConstraints(min_length=1, max_length=100), Identifier]
"""A partner, by the subject of its tokens."""
FieldName = Annotated[str, StringConstraints(min_length=1, max_length=100), Identifier]

_EXAMPLE: dict[str, Any] = {
    "partner": "welfare-office",
    "ground": "consent",
    "types": {"jobplus.SosCareGranted": ["occurred_on", "person.district"], "jobplus.SosCareEnded": ["reason"]},
    "until": "2011-12-31",
}


class GrantForm(BaseModel):
    """What a partner may hear, by type the names of the fields, as `person.district`; on which ground, and until which
    day: without end if not given. A ground of law names the law."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    partner: PartnerName
    ground: Ground
    law: Line | None = None
    types: Annotated[Mapping[FieldName, Annotated[list[FieldName], Field(max_length=100)]], Field(min_length=1)]
    until: Day | None = None


@dataclass(frozen=True, slots=True)
class GiveGrant:
    """`secret` is what a partner that has none yet is given."""

    grant_id: UUID
    secret: bytes
    form: GrantForm

    def touches(self) -> tuple[Ref[Partner], Ref[GrantsOf]]:
        return Ref(Partner, self.form.partner), Ref(GrantsOf, self.form.partner)


@dataclass(frozen=True, slots=True)
class EndGrant:
    """`last_day` is the day on which it ends by itself, None where somebody ends it."""

    grant_id: UUID
    last_day: date | None = None

    def touches(self) -> tuple[Ref[Grant], Ref[Partner]]:
        return Ref(Grant, self.grant_id), Ref(Partner, PartnerOfGrant(self.grant_id))
