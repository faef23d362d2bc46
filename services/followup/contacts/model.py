"""An employment that began with a placement, and the contacts planned for it."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from chassis.aggregates import Find
from contracts.codes import FollowUpStep
from contracts.ids import ContactId, PlacementId, SeekerId
from contracts.profile import Bands

Status = Literal["planned", "due", "made"]


@dataclass(frozen=True, slots=True)
class Employment:
    """`ended_on` is set when it has ended, or when the placement turned out never to have been."""

    placement_id: PlacementId
    seeker_id: SeekerId
    placed_on: date
    person: Bands
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Planned until its day, due until someone has reached the seeker; `attempts` counts the tries."""

    contact_id: ContactId
    placement_id: PlacementId
    seeker_id: SeekerId
    step: FollowUpStep
    due_on: date
    status: Status = "planned"
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class EmploymentOf(Find):
    """The employment that a contact is about; that never changes."""

    contact_id: ContactId


def contact_id(placement_id: PlacementId, step: FollowUpStep) -> ContactId:
    """Give the id of a placement's contact: as old as the placement's, and the same whenever it is planned again."""
    rest = int.from_bytes(hashlib.sha256(placement_id.bytes + step.encode()).digest()[:10])
    return ContactId(UUID(int=placement_id.int >> 80 << 80 | 7 << 76 | 2 << 62 | rest & (0xFFF << 64 | (1 << 62) - 1)))
