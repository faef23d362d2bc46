"""From events to entries, pure: what each partner may know of a batch, and what an event ends.

Events of one subject and topic come in order. What a batch has said of a person holds for all that comes after it in
the batch; a partner's log has entries in the order in which the events were heard.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson

from chassis.batch.clock import Instant
from chassis.batch.effects import Effect
from chassis.stream.record_batch import Received
from contracts.counselling import CounsellorAssigned, RecordOpened
from contracts.counsellors import CounsellorLeft
from contracts.ids import SeekerId
from contracts.passing import EndReason
from contracts.persons import person_of
from contracts.seekers import ConsentRecorded, SeekerErased, SeekersMerged
from services.feed.entering import Told, enter, enter_end
from services.feed.entries import EmptiedByConsent, EmptiedLinks, Origin, Partner
from services.feed.grants.events import GRANTABLE, fields_of
from services.feed.grants.model import Grant, GrantsOf
from services.feed.links.model import ForgottenPerson, Link
from services.feed.persons import rules as persons
from services.feed.persons.model import FormerCounsellor, Opening, Person


class Heard:
    """What is known as a batch of events is heard, and what becomes of it.

    `known` are the persons of whom it tells something that is kept, or who are linked; `links` are those that stand of
    them, `leads` the records that stay for those that were given up.
    """

    def __init__(
        self,
        known: Mapping[SeekerId, Person],
        links: Iterable[Link],
        leads: Mapping[UUID, SeekerId],
        partners: Mapping[str, Partner],
        grants: Mapping[str, GrantsOf],
        instant: Instant,
    ) -> None:
        self.persons = dict(known)
        self.links: dict[UUID, dict[str, Link]] = {}
        for link in links:
            if link.seeker_id is not None:
                self.links.setdefault(link.seeker_id, {})[link.partner] = link
        self.partners = dict(partners)
        self.changed_persons: dict[SeekerId, Person] = {}
        self.changed_links: dict[UUID, Link] = {}
        self.changed_partners: dict[str, Partner] = {}
        self.effects: list[Effect] = []
        self._leads = dict(leads)
        self._grants = grants
        self._instant = instant

    def hear(self, one: Received) -> None:
        """Take in an event: what it says of the person, then what it has passed on or ends."""
        event = one.event
        if isinstance(event, persons.TOLD_OF):
            self._note(one)
        elif isinstance(event, RecordOpened):
            whose = SeekerId(event.client_id)
            self.effects.append(Opening(self._leads.get(whose, whose), event.occurred_on, event.counsellor_id))
        elif isinstance(event, CounsellorLeft):
            self.effects.append(FormerCounsellor(event.counsellor_id))
        if event.type in GRANTABLE and (whose := person_of(event)) is not None:
            self._pass_on(one, self._leads.get(whose, whose))

    def _pass_on(self, one: Received, seeker_id: UUID) -> None:
        links = self.links.get(seeker_id)
        if not links:
            return
        kind = one.event.type  # an older version that was read is passed on as what it was read as
        consents, told = bool(self.persons[SeekerId(seeker_id)].consents), None
        for link in links.values():
            grants = self._grants.get(link.partner)
            if grants is None or (grant := grants.of_event(kind, consents, self._instant.day)) is None:
                continue
            told = told or _told(one)
            self._put(
                *enter(
                    self.partners[link.partner],
                    one.attributes.id,
                    link.client_number,
                    _fields(grant, kind),
                    link.link_id,
                    grant.grant_id,
                    told,
                )
            )

    def _note(self, one: Received) -> None:
        event, cause = one.event, one.attributes.id
        named = SeekerId(UUID(event.key))
        whose = self._leads.get(named, named)
        person = self._person(whose)
        match event:
            case SeekersMerged():
                self._unite(whose, event.merged_id, cause)
            case SeekerErased():
                self._keep(persons.heard(self._person(named), event))
                for link in self.links.pop(whose, {}).values():
                    self._end(link, cause, "erased")
                self.effects.append(ForgottenPerson(named))
            case ConsentRecorded() if whose != named and person.consents is not None:
                pass  # what was said under the record that stays counts
            case CounsellorAssigned() if whose != named and person.counsellor_id is not None:
                pass
            case _:
                self._keep(persons.heard(person, event))
                if person.consents and not self._person(whose).consents:
                    self._end_consent(whose, cause)

    def _unite(self, stays_id: SeekerId, merged_id: SeekerId, cause: UUID) -> None:
        """Have what is of a record that was given up be of the one that stays; of two links to a partner the one of the
        record that stays goes on."""
        stays, given_up = persons.united(self._person(stays_id), self._person(merged_id))
        self._keep(stays, given_up)
        for leads_on in [one for one in self.persons.values() if one.stays == merged_id]:
            self._keep(replace(leads_on, stays=stays_id))
        self._leads.update({of: stays_id for of, leads_to in self._leads.items() if leads_to == merged_id})
        self._leads[merged_id] = stays_id
        kept = self.links.setdefault(stays_id, {})
        for link in self.links.pop(merged_id, {}).values():
            moved = self.changed_links[link.link_id] = replace(link, seeker_id=stays_id)
            if link.partner in kept:
                self._end(moved, cause, "merged")
            else:
                kept[link.partner] = moved
        if not stays.consents:
            self._end_consent(stays_id, cause)

    def _end_consent(self, seeker_id: SeekerId, cause: UUID) -> None:
        """Pass on nothing more on the ground of consent; a link that has no other ground ends."""
        day = self._instant.day
        for link in [*self.links.get(seeker_id, {}).values()]:
            grants = self._grants.get(link.partner)
            if grants is None or not grants.reach(False, day):
                del self.links[seeker_id][link.partner]
                self._end(link, cause, "consent_withdrawn")
                continue
            types = sorted({t for g in grants.grants if g.ground == "consent" and g.stands(day) for t in g.types})
            if types:
                self.effects.append(EmptiedByConsent(link.link_id, self.partners[link.partner].end.number))
                self._tell_end(link, cause, "consent_withdrawn", types)

    def _end(self, link: Link, cause: UUID, reason: EndReason) -> None:
        self.changed_links[link.link_id] = link.ended(self._instant.at)
        self.effects.append(EmptiedLinks(link.link_id))
        self._tell_end(link, cause, reason)

    def _tell_end(self, link: Link, cause: UUID, reason: EndReason, types: Sequence[str] = ()) -> None:
        self._put(
            *enter_end(
                self.partners[link.partner],
                cause,
                reason,
                self._instant.at,
                self._instant.day,
                client_number=link.client_number,
                types=types,
                link_id=None if reason == "erased" else link.link_id,
            )
        )

    def _put(self, partner: Partner, entry: Effect) -> None:
        self.partners[partner.partner] = self.changed_partners[partner.partner] = partner
        self.effects.append(entry)

    def _person(self, seeker_id: SeekerId) -> Person:
        return self.persons.get(seeker_id) or Person(seeker_id)

    def _keep(self, *changed: Person) -> None:
        for person in changed:
            if person != self.persons.get(person.seeker_id):
                self.persons[person.seeker_id] = self.changed_persons[person.seeker_id] = person


def _told(one: Received) -> Told:
    a, event = one.attributes, one.event
    data: Any = orjson.loads(one.data or b"{}") if a.type == event.type else orjson.loads(event.encode())
    return Told(a.source, event.type, a.time, event.occurred_on, Origin(*one.partition, one.offset), data)


def _fields(grant: Grant, kind: str) -> Mapping[str, bool]:
    known = fields_of(kind)
    return {name: known[name] for name in grant.types[kind] if name in known}
