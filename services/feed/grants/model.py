"""What is granted to a partner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from chassis.batch.aggregates import Find

Ground = Literal["consent", "law"]
"""Why a partner may know: the person agreed that partners in care are told of them, or a law says so."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a partner may hear of those whom it is linked to: by type, the fields. `until` is the last day."""

    grant_id: UUID
    partner: str
    ground: Ground
    law: str | None
    types: Mapping[str, Sequence[str]]
    until: date | None
    granted_at: datetime
    granted_by: str
    ended_on: date | None = None

    def stands(self, day: date) -> bool:
        """Tell whether it holds on a day."""
        return self.ended_on is None and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class GrantsOf:
    """The grants of a partner that have not ended, the oldest first."""

    partner: str
    grants: tuple[Grant, ...]

    def types(self, day: date) -> list[str]:
        """Name what the partner may hear on a day."""
        return sorted({kind for grant in self.grants if grant.stands(day) for kind in grant.types})

    def of_event(self, kind: str, consents: bool, day: date) -> Grant | None:
        """Give the grant by which an event of a person may be passed on, None where there is none: the first that
        names its type, of those that stand."""
        for grant in self.grants:
            if kind in grant.types and grant.stands(day) and (consents or grant.ground == "law"):
                return grant
        return None

    def reach(self, consents: bool, day: date) -> bool:
        """Tell whether anything of a person may be passed on."""
        return any(grant.stands(day) and (consents or grant.ground == "law") for grant in self.grants)


@dataclass(frozen=True, slots=True)
class PartnerOfGrant(Find):
    """The partner that a grant was given to; that never changes."""

    grant_id: UUID
