"""An employment that began with a placement, the contacts planned for it, and the tries to make them."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from chassis.batch.aggregates import Find
from chassis.batch.derived_ids import derived_id
from chassis.batch.effects import Effect
from contracts.codes import Employment as EmploymentKind
from contracts.codes import FollowUpStep, Occupation, PlacementSource, Sector
from contracts.followups import EmploymentEnd
from contracts.ids import ContactId, PlacementId, SeekerId
from contracts.profile import Bands

Status = Literal["planned", "due", "made", "cancelled", "given_up"]
Outcome = Literal["still_employed", "left", "changed_job", "not_reached"]


@dataclass(frozen=True, slots=True)
class Contact:
    """Planned until its day, due until someone has reached the seeker; `attempts` counts the tries.

    After a try in vain it is to be tried again from `try_on` on (None: from `due_on`), until it is given up.
    Cancelled when nobody is to be asked any more: the job had ended before its day, or never was.
    """

    contact_id: ContactId
    placement_id: PlacementId
    seeker_id: SeekerId
    step: FollowUpStep
    due_on: date
    status: Status = "planned"
    attempts: int = 0
    try_on: date | None = None


@dataclass(frozen=True, slots=True)
class Try(Effect):
    """A try to reach a seeker in a contact: which one it was, its day, and what came of it. It never changes."""

    contact_id: ContactId
    attempt: int
    occurred_on: date
    outcome: Outcome
    satisfaction: int | None = None


@dataclass(frozen=True, slots=True)
class Employment:
    """A job since `placed_on` and, once known, until `ended_on`; `corrected` when the placement never was.

    `changed_job`: it ended for another job, which hasn't ended as far as is known; once it has, `next_ended_on` is its
    last day. `person`, `source` and the kind of job are as of the placement. What is None of the kind, the source and
    the reasons was not kept yet when it was told. The contacts change only together with their employment.

    `seeker_id` is the record that stays; `heard_as`, of one that is just planned, the record that its placement named,
    and under which it is kept.
    """

    placement_id: PlacementId
    seeker_id: SeekerId
    placed_on: date
    person: Bands
    contacts: tuple[Contact, ...]
    ended_on: date | None = None
    corrected: bool = False
    source: PlacementSource | None = None
    changed_job: bool = False
    occupation: Occupation | None = None
    sector: Sector | None = None
    employment: EmploymentKind | None = None
    end_reason: EmploymentEnd | None = None
    next_ended_on: date | None = None
    next_end_reason: EmploymentEnd | None = None
    heard_as: SeekerId | None = None

    def contact(self, contact_id: ContactId) -> Contact | None:
        return next((contact for contact in self.contacts if contact.contact_id == contact_id), None)

    def with_(self, *changed: Contact) -> "Employment":
        """Give the employment with contacts replaced."""
        by_id = {contact.contact_id: contact for contact in changed}
        return replace(self, contacts=tuple(by_id.get(contact.contact_id, contact) for contact in self.contacts))


@dataclass(frozen=True, slots=True)
class EmploymentsOf:
    """Which employments a seeker has."""

    seeker_id: SeekerId
    placement_ids: frozenset[PlacementId]


@dataclass(frozen=True, slots=True)
class ForgottenEmployments(Effect):
    """That nothing is kept of a seeker's employments any more."""

    seeker_id: SeekerId


@dataclass(frozen=True, slots=True)
class StayingRecord:
    """The record `seeker_id` under which a person is known whom something names by `named`; mostly the same."""

    named: SeekerId
    seeker_id: SeekerId


@dataclass(frozen=True, slots=True)
class EmploymentOf(Find):
    """The employment that a contact is about; that never changes."""

    contact_id: ContactId


def contact_id(placement_id: PlacementId, step: FollowUpStep) -> ContactId:
    """Give the id of a placement's contact: as old as the placement's, and the same whenever it is planned again."""
    return ContactId(derived_id(placement_id, step.encode()))
