"""A public job under SOS-Care, and the support of each of its months."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from chassis.batch.aggregates import Find
from chassis.batch.derived_ids import derived_id
from contracts.ids import PlacementId, SeekerId, SupportId
from contracts.profile import Bands
from services.followup.contacts.working_days import months_after, working_day_from

Status = Literal["due", "given", "cancelled"]
Kind = Literal["counselling", "education", "training"]


@dataclass(frozen=True, slots=True)
class Support:
    """The support of the job's month number `month`, from 1. Cancelled when the job or the care ended before it."""

    support_id: SupportId
    placement_id: PlacementId
    seeker_id: SeekerId
    month: int
    due_on: date
    status: Status = "due"
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """The public job that a seeker has, or had last. `person` is as of the placement, recorded at `placed_at`.

    `supports` are those that have fallen due. `running`: the job lasts, and so does the care.
    """

    placement_id: PlacementId
    placed_on: date
    placed_at: datetime
    person: Bands
    supports: tuple[Support, ...] = ()
    running: bool = True

    @property
    def next_month(self) -> int:
        return len(self.supports) + 1

    @property
    def next_due_on(self) -> date | None:
        return due_on(self.placed_on, self.next_month) if self.running else None


@dataclass(frozen=True, slots=True)
class PublicJob:
    """A seeker's public job under SOS-Care: the last one.

    There is none where only the end of the care is known, at `care_ended_at`, or that the person was erased: these
    come by other topics than placements, and an older placement that comes after them changes nothing.
    """

    seeker_id: SeekerId
    job: Job | None = None
    care_ended_at: datetime | None = None
    erased: bool = False

    def support(self, support_id: SupportId) -> Support | None:
        supports = self.job.supports if self.job else ()
        return next((support for support in supports if support.support_id == support_id), None)

    def ended(self) -> "PublicJob":
        """Give it with nothing due any more."""
        if self.job is None:
            return self
        supports = tuple(replace(s, status="cancelled") if s.status == "due" else s for s in self.job.supports)
        return replace(self, job=replace(self.job, supports=supports, running=False))


@dataclass(frozen=True, slots=True)
class JobOfSupport(Find):
    """The public job that a support is for; that never changes."""

    support_id: SupportId


def due_on(placed_on: date, month: int) -> date:
    """Give the working day on which the support of a month of the job falls due."""
    return working_day_from(months_after(placed_on, month))


def support_id(placement_id: PlacementId, month: int) -> SupportId:
    """Give the id of a month's support: the same whenever it is announced again."""
    return SupportId(derived_id(placement_id, f"support {month}".encode()))
